package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LibcTest {

  /** Functions of glibc 2.28, of RHEL 8 and Debian 10; a newer one must be called by its number. */
  private static final Set<String> IN_GLIBC_2_28 =
      Set.of(
          "bind",
          "close",
          "connect",
          "epoll_create1",
          "epoll_ctl",
          "epoll_wait",
          "eventfd",
          "getsockname",
          "getsockopt",
          "getxattr",
          "ioctl",
          "madvise",
          "mmap",
          "munmap",
          "openat",
          "poll",
          "pread",
          "read",
          "readlinkat",
          "recv",
          "send",
          "setns",
          "setsockopt",
          "socket",
          "statx",
          "syscall",
          "write");

  /** JNA registers all functions of the class at once, so one that lacks would take all away. */
  @Test
  void everyFunctionIsInAnOldLibrary() {
    Set<String> used =
        Arrays.stream(Libc.class.getDeclaredMethods())
            .filter(method -> Modifier.isNative(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(used).isSubsetOf(IN_GLIBC_2_28).contains("statx");
  }
}
