//! An allocator over a fixed arena, because without std there is none.
//!
//! The only `unsafe` of this project: the allocator interface cannot be implemented without it. Nothing but this proof uses
//! it. Memory is handed out front to back and never taken back, which is enough to run the proof once.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

const SIZE: usize = 1 << 20;

#[repr(align(64))]
struct Arena {
    memory: UnsafeCell<[u8; SIZE]>,
    used: AtomicUsize,
}

// SAFETY: `memory` is reached through `alloc` only, which hands out each part of it once.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { memory: UnsafeCell::new([0; SIZE]), used: AtomicUsize::new(0) };

// SAFETY: the parts handed out are inside the arena, as large as asked, and do not overlap, because `used` only grows and is
// moved behind each of them in one step. They are aligned, because the arena is to 64 and larger alignments are refused.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > align_of::<Self>() {
            return ptr::null_mut();
        }
        let place = |used: usize| used.checked_next_multiple_of(layout.align());
        let end = |used: usize| place(used)?.checked_add(layout.size()).filter(|&end| end <= SIZE);
        match self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, end) {
            // SAFETY: `end` found that place, and the size behind it, inside the arena.
            Ok(used) => place(used).map_or(ptr::null_mut(), |at| unsafe { self.memory.get().cast::<u8>().add(at) }),
            Err(_) => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
