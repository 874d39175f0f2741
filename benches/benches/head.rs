//! The head of an answer.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use docker_benches::head;
use std::hint::black_box;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("head");
    group.bench_function("httparse", |b| b.iter(|| head::httparse(black_box(head::HEAD))));
    group.bench_function("exchange", |b| {
        b.iter_batched(head::request, |request| head::exchange(request, head::HEAD), BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
