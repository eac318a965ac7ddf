// A kernel for the harness's own tests. It enters by PVH, shows the start of the archive as output, says on the other
// channels what it was built to say, and stops the machine with LAST; or, without LAST, never.
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 8, 18
    .asciz "Xen"
    // QEMU reads eight bytes of a 64-bit file's note.
    .quad start

    .section .data
error:      .ascii "err\n"
error_end:
control:    .ascii CONTROL
control_end:

    .text
    .code32
    .globl start
start:
    // The first module of the start info in ebx, whose list stands at offset 16, is the archive.
    movw $0xe9, %dx
    movl 16(%ebx), %esi
    movl (%esi), %esi
    movl $2048, %ecx
    rep outsb
    movw $0xea, %dx
    movl $error, %esi
    movl $(error_end - error), %ecx
    rep outsb
    movw $0xeb, %dx
    movl $control, %esi
    movl $(control_end - control), %ecx
    rep outsb
#ifdef LAST
    movb $LAST, %al
    movw $0xf4, %dx
    outb %al, %dx
#endif
sleep:
    hlt
    jmp sleep
