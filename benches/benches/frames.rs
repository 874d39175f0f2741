//! Frames in memory, in bytes and in frames a second.

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use docker_benches::{block, frames};

fn bench(c: &mut Criterion) {
    for size in frames::SIZES {
        let sample = frames::sample(size);
        let count = frames::walk(&sample).pieces as u64;
        for (unit, throughput) in
            [("bytes", Throughput::Bytes(sample.len() as u64)), ("frames", Throughput::Elements(count))]
        {
            let mut group = c.benchmark_group(format!("frames/{unit}"));
            group.throughput(throughput);
            group.bench_function(BenchmarkId::new("by hand", size), |b| b.iter(|| frames::walk(&sample)));
            let shared = Bytes::from(sample.clone());
            group.bench_function(BenchmarkId::new("by hand, owned", size), |b| b.iter(|| frames::walk_owned(&shared)));
            for (name, work) in [("borrowed", frames::borrowed as fn(&mut _) -> _), ("owned", frames::owned)] {
                group.bench_function(BenchmarkId::new(name, size), |b| {
                    b.iter_batched_ref(|| block(&sample), work, BatchSize::LargeInput);
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
