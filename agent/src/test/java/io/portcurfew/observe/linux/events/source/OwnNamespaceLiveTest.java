package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Platform;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.linux.RefusedCall;
import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The namespace of this process, for a thread to which the kernel refuses system calls. */
@LiveHost
class OwnNamespaceLiveTest {

  // asm/unistd.h, of x86_64 and of the generic table that aarch64 has.
  private static final int READLINKAT = Platform.isARM() ? 78 : 267;
  private static final int STATX = Platform.isARM() ? 291 : 332;

  private final ProcFs proc = new ProcFs(Path.of("/"));

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  private OwnNamespace without(int... calls) throws Exception {
    return ThreadRights.onItsOwnThread(
        () -> {
          for (int call : calls) {
            RefusedCall.refuse(call, Errno.EPERM);
          }
          return OwnNamespace.read(proc);
        });
  }

  @Test
  void refusedLink_isReadAsAFile() throws Exception {
    Long inode = OwnNamespace.read(proc).inode();
    assertThat(inode).isNotNull();
    assertThat(without(READLINKAT).inode()).isEqualTo(inode);
  }

  @Test
  void whileItIsUnknown_noOtherHasANumberForAName() throws Exception {
    OwnNamespace own = without(READLINKAT, STATX);
    assertThat(own.inode()).isNull();
    assertThat(own.nameOf(7L, Map.of())).isEqualTo(OwnNamespace.UNKNOWN);
    assertThat(own.nameOf(7L, Map.of(7L, Endpoint.HOST))).isEqualTo(Endpoint.HOST);
    assertThat(OwnNamespace.read(proc).nameOf(7L, Map.of())).isEqualTo("net:[7]");
  }
}
