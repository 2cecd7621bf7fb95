"""Numbers of the system calls that a run is refused, on the processors that the filter knows."""

from __future__ import annotations

import platform
import sys
from typing import NamedTuple


class Processor(NamedTuple):
    """arch: as the kernel tells it to a filter. column: of the tables here. foreign: numbers from here on are of
    another kind of program (x32); 0 for none."""

    arch: int
    column: int
    foreign: int = 0


_PROCESSORS = {"x86_64": Processor(0xC000003E, 0, 0x40000000), "aarch64": Processor(0xC00000B7, 1)}

# name: (x86_64, aarch64), None where there is no such call
_Numbers = dict[str, tuple[int | None, int | None]]

CONNECTIONS: _Numbers = {"socket": (41, 198), "connect": (42, 203), "bind": (49, 200)}
LISTENING: _Numbers = {"socket": (41, 198), "bind": (49, 200)}
ATTACHING: _Numbers = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
}  # fmt: skip
LASTING: _Numbers = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
    "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219),
}  # fmt: skip
"""What outlives its process: shared memory, semaphores and queues of System V, message queues, keys."""
KERNEL: _Numbers = {
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "move_mount": (429, 429), "fsopen": (430, 430), "reboot": (169, 142),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "swapon": (167, 224), "swapoff": (168, 225), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "sethostname": (170, 161), "setdomainname": (171, 162), "acct": (163, 89),
}  # fmt: skip
"""Ways around every other rule, and what only an administrator may: some learners are one."""
MARKS: _Numbers = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "setxattrat": (463, 463), "removexattrat": (466, 466),
}  # fmt: skip
"""Rights, owners and times of files, which Landlock leaves open for every file of the user's."""
OTHERS: _Numbers = {
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274), "migrate_pages": (256, 238),
}  # fmt: skip
"""Calls whose first word is a process, 0 for one's own."""
TRUNCATING: _Numbers = {"truncate": (76, 45)}
"""Of a file by its name: Landlock holds it from its third version on."""
PRIORITIES: _Numbers = {"setpriority": (141, 140), "ioprio_set": (251, 30)}
PAIRS: _Numbers = {"socketpair": (53, 199)}
SIGNALS: _Numbers = {
    "kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
}  # fmt: skip
"""Calls whose first word is the process that is signalled."""
BLIND_SIGNALS: _Numbers = {"tkill": (200, 130)}
"""One that names a thread, whosever it is; nothing of today uses it."""


def processor() -> Processor | None:
    """The one that this program runs on; None where the filter does not know it."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return None
    return _PROCESSORS.get(platform.machine())


def of(numbers: _Numbers, processor: Processor) -> list[int]:
    """The numbers that this processor has."""
    found = (each[processor.column] for each in numbers.values())
    return [number for number in found if number is not None]
