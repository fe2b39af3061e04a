package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A look that fails after the sockets were read, the looks after it, and one that hangs. */
@EnabledOnOs(OS.LINUX)
class UnlistedChangeTest {

  private static final KernelSocket SOCKET =
      new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 911, 1L, 0, null, 0);

  @TempDir private Path root;
  private final FailingTable table = new FailingTable();

  /** What else happens in a look. */
  private interface Step {
    void run() throws InterruptedException;
  }

  /** Opens one socket after its first look, and fails when it is asked for it once. */
  private static final class FailingTable implements SocketTable {
    private int looks;
    private boolean failed;
    private Step during = () -> {};

    @Override
    public Contents look(int most) throws KernelException {
      try {
        during.run();
      } catch (InterruptedException e) {
        throw new KernelException("interrupted");
      }
      looks++;
      return new Contents(looks == 1 ? List.of() : List.of(SOCKET), List.of(), looks == 2);
    }

    @Override
    public boolean hasGone(KernelSocket socket) {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("a bug");
      }
      return false;
    }

    @Override
    public String interfaceName(int index) {
      return "";
    }

    @Override
    public @Nullable Long mark() {
      return null;
    }

    @Override
    public void close() {}
  }

  private final class Opener implements NamespaceOpener {
    @Override
    public SocketTable sockDiag(NetworkNamespace namespace) {
      return table;
    }

    @Override
    public SocketTable tables(NetworkNamespace namespace) {
      return table;
    }
  }

  @BeforeEach
  void capture() throws IOException {
    Path first = Files.createDirectories(root.resolve("proc/1/ns")).getParent();
    Files.createDirectories(first.resolve("fd"));
    Files.createSymbolicLink(first.resolve("ns/net"), Path.of("net:[4026531840]"));
  }

  @Test
  void listenerOfAFailedLook_isInTheNext() throws Exception {
    try (LinuxSource source = new LinuxSource(root, new Opener())) {
      assertThat(source.look().listeners()).isEmpty();
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(source::look);
      assertThat(source.look().listeners())
          .singleElement()
          .extracting(Listener::endpoint)
          .hasToString("tcp 127.0.0.1:611");
    }
  }

  @Test
  void hangingLook_doesNotPreventTheEnd() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    LinuxSource source = new LinuxSource(root, new Opener());
    table.during =
        () -> {
          begun.countDown();
          end.await();
        };
    Thread looking = new Thread(() -> lookOnce(source));
    looking.start();
    begun.await();
    source.close();
    assertThat(looking.isAlive()).isTrue();
    end.countDown();
    looking.join();
    source.close();
  }

  private static void lookOnce(LinuxSource source) {
    try {
      source.look();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
