//! Event objects.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use docker_benches::{block, json};

fn bench(c: &mut Criterion) {
    let sample = json::sample();
    let mut group = c.benchmark_group("json");
    group.throughput(Throughput::Elements(json::EVENTS as u64));
    group.bench_function("newline split", |b| b.iter(|| json::lines(&sample)));
    group.bench_function("undecoded", |b| b.iter_batched_ref(|| block(&sample), json::texts, BatchSize::LargeInput));
    group.bench_function("serde_json", |b| b.iter(|| json::serde(&sample)));
    group.bench_function("typed", |b| b.iter_batched_ref(|| block(&sample), json::typed, BatchSize::LargeInput));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
