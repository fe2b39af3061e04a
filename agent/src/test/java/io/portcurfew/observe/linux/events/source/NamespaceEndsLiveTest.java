package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.InNamespace;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A scan opens a socket in another network namespace, which reports the ends of sockets there. */
@LiveHost
class NamespaceEndsLiveTest {

  private static final int PORT = 18_623;
  private static final int SYS_PTRACE = 19;

  private static final String UDP =
      """
      s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', %d))
      ready(0)
      """
          .formatted(PORT);

  private final NamespaceEnds ends = new NamespaceEnds();
  private InNamespace there;

  @BeforeEach
  void make() throws Exception {
    there = new InNamespace("ends");
  }

  @AfterEach
  void remove() throws Exception {
    ends.want(false, false, () -> {});
    assertThat(ends.take()).isEmpty();
    there.remove();
  }

  private static List<SocketChange> drained(EventSource source) throws Exception {
    List<SocketChange> all = new ArrayList<>();
    try (EventPoller poller = EventPoller.open()) {
      poller.use(source.descriptors());
      for (int i = 0; i < 600 && all.isEmpty(); i++) {
        poller.await(Duration.ofMillis(100));
        source.drain(all::add);
        all.removeIf(change -> change.port() != PORT);
      }
    }
    return all;
  }

  @Test
  void scan_opensASocketInEachNamespace() throws Exception {
    try (LinuxSource source = LinuxSource.ofHost()) {
      long inode = inode();
      NamespaceEnds ofScans = source.ends();
      source.look();
      assertThat(ofScans.take()).as("nobody wants them yet").isEmpty();
      assertThat(ofScans.isIn(inode)).isFalse();
      ofScans.want(false, true, () -> {});
      for (int i = 0; i < 20 && found(ofScans, inode).isEmpty(); i++) {
        source.look();
      }
      EventSource here = found(ofScans, inode).get(0);
      assertThat(ofScans.isIn(inode)).isTrue();
      there.python(UDP).close();
      assertThat(drained(here))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.opened()).isFalse();
                assertThat(change.address()).hasToString("127.0.0.1");
              });
      ofScans.want(false, false, () -> {});
      assertThat(ofScans.isIn(inode)).as("it closes in a moment").isFalse();
      assertThat(ofScans.take()).isEmpty();
    }
  }

  private static List<EventSource> found(NamespaceEnds ends, long inode) {
    return ends.take().stream().filter(one -> Long.valueOf(inode).equals(one.namespace())).toList();
  }

  private long inode() throws Exception {
    return (long) Files.getAttribute(Path.of("/run/netns", there.name()), "unix:ino");
  }

  @Test
  void agentThatMayNotEnter_saysSo() throws Exception {
    ThreadRights.asNobody(
        () -> {
          try (LinuxSource source = LinuxSource.ofHost()) {
            source.ends().want(true, true, () -> {});
            source.look();
            assertThat(source.ends().take()).isEmpty();
            assertThat(source.ends().limit()).startsWith("not in every network namespace: ");
          }
          return true;
        },
        ThreadRights.DAC_READ_SEARCH,
        SYS_PTRACE);
  }

  private static AutoCloseable here(long inode, NamespaceEnds.SocketOpening opening)
      throws KernelException {
    return opening.open();
  }

  @Test
  void manyNamespaces_areBounded_andGivenUpWhenTheyAreGone() {
    ends.want(false, true, () -> {});
    Set<Long> many = LongStream.range(1, 500).boxed().collect(Collectors.toSet());
    for (int i = 0; i < 100; i++) {
      ends.scanned(many, NamespaceEndsLiveTest::here);
    }
    assertThat(ends.take()).hasSize(NamespaceEnds.MOST);
    assertThat(ends.limit()).isEqualTo("not in 435 network namespaces above 64");
    ends.scanned(Set.of(), NamespaceEndsLiveTest::here);
    assertThat(ends.take()).isEmpty();
    assertThat(ends.limit()).isEmpty();
  }
}
