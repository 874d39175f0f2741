//! Chunked output demultiplexed, from the bytes of the answer to the bytes of the streams.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use docker_benches::exchange;

fn bench(c: &mut Criterion) {
    let sample = exchange::sample();
    let mut group = c.benchmark_group("exchange");
    group.throughput(Throughput::Bytes(sample.len() as u64));
    group.bench_function("by hand", |b| b.iter(|| exchange::by_hand(&sample)));
    group.bench_function("copied", |b| b.iter(|| exchange::copied(&sample)));
    group.bench_function("items", |b| b.iter(|| exchange::items(&sample)));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
