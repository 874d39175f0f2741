// The same for arm64; see program.x86_64.s.
//
//   aarch64-linux-gnu-as program.aarch64.s -o p.o && aarch64-linux-gnu-objcopy -O binary -j .text p.o p && od -An -v -tx1 p

_start: ldr     x0, [sp]                // argc
        cmp     x0, #1
        b.ne    echo
        mov     x0, #1 << 14
        str     x0, [sp, #-16]!
        mov     x0, #0                  // SIG_BLOCK
        mov     x1, sp
        mov     x2, #0
        mov     x3, #8
        mov     x8, #135                // rt_sigprocmask
        svc     #0
        mov     x0, #1
        adr     x1, hello
        mov     x2, #warn - hello
        bl      write
        mov     x0, #2
        adr     x1, warn
        mov     x2, #bye - warn
        bl      write
wait:   mov     x0, sp
        mov     x1, #0
        mov     x2, #0
        mov     x3, #8
        mov     x8, #137                // rt_sigtimedwait
        svc     #0
        cmp     x0, #15
        b.ne    wait
        mov     x0, #1
        adr     x1, bye
        mov     x2, #eof - bye
        bl      write
        mov     x0, #0
exit:   mov     x8, #93
        svc     #0

echo:   sub     sp, sp, #4096
more:   mov     x0, #0
        mov     x1, sp
        mov     x2, #4096
        mov     x8, #63                 // read
        svc     #0
        cmp     x0, #0
        b.le    ended
        mov     x2, x0
        mov     x0, #1
        mov     x1, sp
        bl      write
        b       more
ended:  mov     x0, #2
        adr     x1, eof
        mov     x2, #end - eof
        bl      write
        mov     x0, #7
        b       exit

write:  mov     x8, #64
        svc     #0
        ret

hello:  .ascii  "this goes to stdout\n"
warn:   .ascii  "and this to stderr\n"
bye:    .ascii  "told to stop, so goodbye\n"
eof:    .ascii  "stdin has ended\n"
end:
