package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rings of the real kernel on every CPU. */
@LiveHost
class CpuRingsLiveTest {

  /** _IO('$', 1) of linux/perf_event.h: the event is off, as after its CPU went offline. */
  private static final long PERF_EVENT_IOC_DISABLE = 0x2401;

  private final NativeBuffer attributes = new NativeBuffer(256);

  @BeforeEach
  void needs() {
    Requirement.root();
  }

  private PerfRing ring(int cpu, int size) throws KernelException {
    PerfAttributes.programs(attributes, size / 2);
    return PerfRing.open(attributes, cpu, size);
  }

  @Test
  void eventThatStopped_isOpenedAgain() throws KernelException {
    try (CpuRings rings = CpuRings.open(new ProcFs(Path.of("/")), this::ring)) {
      assertThat(rings.adapt()).isFalse();
      assertThat(rings.adapt()).isFalse();
      PerfRing first = rings.all().iterator().next();
      int cpus = rings.all().size();
      assertThat(Libc.ioctl(first.fd(), PERF_EVENT_IOC_DISABLE, 0)).isZero();
      rings.adapt();
      assertThat(rings.adapt() || first.isClosed()).isTrue();
      assertThat(first.isClosed()).isTrue();
      assertThat(rings.all()).hasSize(cpus).doesNotContain(first);
      assertThat(rings.adapt()).isFalse();
    }
  }
}
