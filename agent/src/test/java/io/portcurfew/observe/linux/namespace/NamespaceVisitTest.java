package io.portcurfew.observe.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class NamespaceVisitTest {

  @Test
  void handleStaysOpenDuringTheVisit() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    NamespaceVisit.VisitAction<SockDiag> slow =
        () -> {
          entered.countDown();
          await(proceed);
          return SockDiag.open();
        };
    FutureTask<SockDiag> caller =
        new FutureTask<>(() -> NamespaceVisit.run("slow visit", slow, released::countDown));
    Thread thread = new Thread(caller, "caller");
    thread.start();
    await(entered);
    thread.interrupt();
    assertThatThrownBy(caller::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("entering it was interrupted");
    assertThat(released.getCount()).as("the visitor may still enter it").isOne();
    proceed.countDown();
    assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theHandleIsReleasedAfterAnErrorToo() throws Exception {
    CountDownLatch released = new CountDownLatch(2);
    NamespaceVisit.VisitAction<SockDiag> refused =
        () -> {
          throw new KernelException("no way in");
        };
    assertThatThrownBy(() -> NamespaceVisit.run("refused", refused, released::countDown))
        .hasMessage("no way in");
    NamespaceVisit.VisitAction<SockDiag> broken =
        () -> {
          throw new IllegalStateException("a bug");
        };
    assertThatThrownBy(() -> NamespaceVisit.run("broken", broken, released::countDown))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("a bug");
    assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void noThreadLeft_isARefusalOfThisNamespaceAlone() {
    AtomicInteger released = new AtomicInteger();
    assertThatThrownBy(
            () -> NamespaceVisit.run(work -> false, () -> "never", released::incrementAndGet))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("no thread can be started");
    assertThat(released).hasValue(1);
  }
}
