# The program that the tour copies into its container, for x86-64. Its header is made by program.rs:
#
#   as program.x86_64.s -o p.o && objcopy -O binary -j .text p.o p && od -An -v -tx1 p
#
# Without arguments: a line on stdout, one on stderr, then it waits for SIGTERM and says goodbye.
# With one: copies stdin to stdout until its end, says so on stderr, and ends with code 7.

_start: cmpq    $1, (%rsp)              # argc
        jne     echo
        # SIGTERM stays pending: the first process of a container gets it no other way without a handler.
        push    $1 << 14
        xor     %edi, %edi              # SIG_BLOCK
        mov     %rsp, %rsi
        xor     %edx, %edx
        mov     $8, %r10d
        mov     $14, %eax               # rt_sigprocmask
        syscall
        mov     $1, %edi
        lea     hello(%rip), %rsi
        mov     $warn - hello, %edx
        call    write
        mov     $2, %edi
        lea     warn(%rip), %rsi
        mov     $bye - warn, %edx
        call    write
wait:   mov     %rsp, %rdi
        xor     %esi, %esi
        xor     %edx, %edx
        mov     $8, %r10d
        mov     $128, %eax              # rt_sigtimedwait
        syscall
        cmp     $15, %eax               # or EINTR, after a SIGCONT
        jne     wait
        mov     $1, %edi
        lea     bye(%rip), %rsi
        mov     $eof - bye, %edx
        call    write
        xor     %edi, %edi
exit:   mov     $60, %eax
        syscall

echo:   sub     $4096, %rsp
more:   xor     %edi, %edi
        mov     %rsp, %rsi
        mov     $4096, %edx
        xor     %eax, %eax              # read
        syscall
        test    %eax, %eax
        jle     ended
        mov     $1, %edi
        mov     %eax, %edx
        call    write
        jmp     more
ended:  mov     $2, %edi
        lea     eof(%rip), %rsi
        mov     $end - eof, %edx
        call    write
        mov     $7, %edi
        jmp     exit

write:  mov     $1, %eax
        syscall
        ret

hello:  .ascii  "this goes to stdout\n"
warn:   .ascii  "and this to stderr\n"
bye:    .ascii  "told to stop, so goodbye\n"
eof:    .ascii  "stdin has ended\n"
end:
