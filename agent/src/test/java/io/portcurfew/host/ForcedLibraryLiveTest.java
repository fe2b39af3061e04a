package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A library that is forced into the agent and hides port 611 from it, as rootkits do. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class ForcedLibraryLiveTest {

  /** Changes 611 to 612 in answers of sock_diag and in the text tables. */
  private static final String HIDE =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <stdarg.h>
      #include <string.h>
      #include <sys/socket.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      static long hide(long size, void *buffer) {
        unsigned char *at = buffer;
        for (long i = 0; i + 1 < size; i++)
          if (at[i] == 0x02 && at[i + 1] == 0x63) at[i + 1] = 0x64;
        return size;
      }
      static long hideText(long size, void *buffer) {
        char *at = buffer;
        for (long i = 0; i + 5 <= size; i++)
          if (!memcmp(at + i, ":0263", 5)) at[i + 4] = '4';
        return size;
      }
      long raw(long number, long a, long b, long c, long d, long e, long f) {
        register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
        long result;
        __asm__ volatile("syscall" : "=a"(result)
                         : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
        return result;
      }
      extern int *__errno_location(void);
      static long checked(long result) {
        if (result < 0 && result > -4096) { *__errno_location() = -result; return -1; }
        return result;
      }
      ssize_t recv(int fd, void *buffer, size_t size, int flags) {
        return hide(checked(raw(SYS_recvfrom, fd, (long) buffer, size, flags, 0, 0)), buffer);
      }
      ssize_t recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *length) {
        return hide(checked(raw(SYS_recvfrom, fd, (long) buffer, size, flags, (long) from, (long) length)), buffer);
      }
      ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
        long size = checked(raw(SYS_recvmsg, fd, (long) message, flags, 0, 0, 0));
        if (size > 0 && message->msg_iovlen == 1) hide(size, message->msg_iov[0].iov_base);
        return size;
      }
      ssize_t read(int fd, void *buffer, size_t size) {
        return hideText(checked(raw(SYS_read, fd, (long) buffer, size, 0, 0, 0)), buffer);
      }
      long syscall(long number, ...) {
        va_list all;
        va_start(all, number);
        long a = va_arg(all, long), b = va_arg(all, long), c = va_arg(all, long);
        long d = va_arg(all, long), e = va_arg(all, long), f = va_arg(all, long);
        va_end(all);
        long result = checked(raw(number, a, b, c, d, e, f));
        return number == SYS_recvfrom ? hide(result, (void *) b) : result;
      }
      #ifdef LOOKUPS
      void *dlsym(void *handle, const char *name) {
        static void *(*real)(void *, const char *);
        if (!real) real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
        if (!real) real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
        if (!strcmp(name, "recv")) return recv;
        if (!strcmp(name, "recvfrom")) return recvfrom;
        if (!strcmp(name, "read")) return read;
        if (!strcmp(name, "syscall")) return syscall;
        return real(handle, name);
      }
      #endif
      """;

  private static final String GAP = "a library in the agent may hide listeners";

  @TempDir Path folder;

  @BeforeEach
  void needsRootAndACompiler() {
    Requirement.root();
    Tool.require("gcc");
    Requirement.that(System.getProperty("os.arch").equals("amd64"), "x86_64, by its instructions");
  }

  private Path library(String... options) throws Exception {
    Path source = Files.writeString(folder.resolve("hide.c"), HIDE);
    Path library = folder.resolve("libhide.so");
    List<String> words =
        new ArrayList<>(List.of("-shared", "-fPIC", "-O1", "-w", "-o", library.toString()));
    words.addAll(List.of(options));
    words.add(source.toString());
    Tool.Result compiled = Tool.run("gcc", words.toArray(String[]::new));
    assertThat(compiled.status()).as(compiled.output()).isZero();
    return library;
  }

  /** Looks at the kernel as a scan does, and prints the result. */
  static final class Look {
    public static void main(String[] none) throws Exception {
      try (Host host = HostFactory.open()) {
        Snapshot seen = host.look(Instant.now());
        seen.listeners().stream()
            .filter(one -> one.endpoint().namespace().equals(Endpoint.HOST))
            .forEach(one -> System.out.println("port " + one.endpoint().port()));
        seen.gaps().forEach(gap -> System.out.println("gap " + gap.why()));
        System.out.println("complete " + seen.complete());
      }
    }
  }

  /** Looks in a network namespace with a listener on port 611 alone. */
  private static String look(String preload) throws Exception {
    String script =
        """
        import os, socket, subprocess, sys
        s = socket.socket(); s.bind(('127.0.0.1', 611)); s.listen()
        subprocess.run(sys.argv[2:], env=dict(os.environ, LD_PRELOAD=sys.argv[1]))
        """;
    Process process =
        new ProcessBuilder(
                "unshare",
                "--net",
                "sh",
                "-c",
                "ip link set lo up && exec /usr/bin/python3 -c \"$@\"",
                "sh",
                script,
                preload,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Look.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  @Test
  void simpleLibraryHidesNothingAndIsAGap() throws Exception {
    assertThat(look(library().toString()))
        .contains("port 611\n", "complete false", GAP, "libhide.so by LD_PRELOAD");
  }

  /** It hides the port, so this shows that the library works; only the gap is left then. */
  @Test
  void libraryThatAnswersLookupsIsAGap() throws Exception {
    assertThat(look(library("-DLOOKUPS").toString()))
        .contains("port 612\n", "complete false", GAP, "libhide.so by LD_PRELOAD")
        .doesNotContain("port 611\n");
  }

  @Test
  void portIsSeenWithoutALibrary() throws Exception {
    assertThat(look("")).contains("port 611\n").doesNotContain(GAP);
  }
}
