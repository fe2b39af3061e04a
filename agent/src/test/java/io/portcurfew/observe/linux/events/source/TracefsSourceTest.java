package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a tracing instance as kernels show them. */
class TracefsSourceTest {

  private static final String INSTANCE = "sys/kernel/tracing/instances/portcurfew";
  private static final String EVENT = INSTANCE + "/events/sock/inet_sock_set_state/";
  private static final String PIPE = INSTANCE + "/per_cpu/cpu0/trace_pipe_raw";

  private static final int THREAD = 0x7f71;
  private static final int PROCESS = 77;

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @BeforeEach
  void instance() throws IOException {
    write("sys/devices/system/cpu/possible", "0\n");
    write(INSTANCE + "/trace_clock", "local global [mono]\n");
    write(EVENT + "format", TracepointFormatTest.FORMAT);
    write(EVENT + "enable", "1\n");
    write(EVENT + "filter", StateChangeReader.filter() + "\n");
    write(PIPE, "");
    write(INSTANCE + "/per_cpu/cpu0/stats", "overrun: 0\n");
    Path ns = Files.createDirectories(root.resolve("proc/self/ns"));
    Files.createSymbolicLink(ns.resolve("pid"), Path.of("pid:[4026531836]"));
  }

  @Test
  void kernelWithoutBufferPercent_isRead() throws KernelException {
    try (TracefsSource source = TracefsSource.open(new ProcFs(root), INSTANCE)) {
      assertThat(source.descriptors()).hasSize(1);
    }
  }

  @Test
  void bufferPercentThatDelaysTheReader_isRefused() throws IOException {
    write(INSTANCE + "/buffer_percent", "50\n");
    assertThatThrownBy(() -> TracefsSource.open(new ProcFs(root), INSTANCE))
        .hasMessage("/" + INSTANCE + "/buffer_percent is 50; expected 0");
  }

  /** The process of the record of a thread which started so many ticks after the boot. */
  private int processOf(long startTicks) throws IOException, KernelException {
    write("proc/uptime", "1000.00 1.00\n");
    write("proc/%d/status".formatted(THREAD), "Name:\tx\nTgid:\t%d\n".formatted(PROCESS));
    write(
        "proc/%d/stat".formatted(THREAD),
        "%d (x) S 1".formatted(THREAD) + " 0".repeat(17) + " " + startTicks + " 0\n");
    try (TracefsSource source = TracefsSource.open(new ProcFs(root), INSTANCE)) {
      byte[] page = TracePageTest.realPage();
      ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(0, System.nanoTime());
      Files.write(root.resolve(PIPE), page);
      LockSupport.parkNanos(50_000_000);
      List<SocketChange> changes = new ArrayList<>();
      source.drain(changes::add);
      return changes.get(0).pid();
    }
  }

  @Test
  void threadThatRanAtTheEvent_isOneOfItsProcess() throws Exception {
    assertThat(processOf(99_000)).isEqualTo(PROCESS);
  }

  @Test
  void numberOfAThreadThatStartedLater_namesNoOtherProcess() throws Exception {
    assertThat(processOf(100_000)).isEqualTo(THREAD);
  }
}
