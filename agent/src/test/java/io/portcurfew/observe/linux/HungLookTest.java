package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import io.portcurfew.tags.InjectedFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@InjectedFault
@Timeout(600)
class HungLookTest {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  /** A kernel that does not answer, whatever interrupts the caller. */
  private final NamespaceOpener hanging =
      new NamespaceOpener() {
        @Override
        public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
          asked.countDown();
          boolean answered = false;
          while (!answered) {
            try {
              answer.await();
              answered = true;
            } catch (InterruptedException goesOn) {
              Thread.interrupted();
            }
          }
          throw new KernelException("no answer");
        }

        @Override
        public SocketTable tables(NetworkNamespace namespace) throws KernelException {
          throw new KernelException("no answer");
        }
      };

  @Test
  void closeBehindAHungLook_returnsSoon() throws Exception {
    LinuxSource source = new LinuxSource(Path.of("/"), hanging);
    Thread look =
        new Thread(
            () -> {
              try {
                source.look();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            },
            "look");
    look.start();
    asked.await();
    Duration before = Ticker.SYSTEM.elapsed();
    source.close();
    assertThat(Ticker.SYSTEM.since(before)).isLessThan(Duration.ofSeconds(60));
    assertThat(look.isAlive()).isTrue();
    answer.countDown();
    look.join();
  }
}
