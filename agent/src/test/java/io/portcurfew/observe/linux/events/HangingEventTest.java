package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a captured host, of which one file is a FIFO: opening it waits for a writer. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class HangingEventTest {

  private static final int HANGING = 42;
  private static final int OTHER = 43;

  @TempDir private Path root;

  private final Queue<SocketChange> given = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Sighting> seen = new LinkedBlockingQueue<>();
  private final List<Thread> readers = new CopyOnWriteArrayList<>();
  private final List<Thread> judges = new CopyOnWriteArrayList<>();
  private final List<Path> fifos = new ArrayList<>();
  private LinuxEvents events;

  private final class GivenSource extends IdleSource {
    @Override
    public void drain(Consumer<SocketChange> sink) {
      for (SocketChange next = given.poll(); next != null; next = given.poll()) {
        sink.accept(next);
      }
    }
  }

  @BeforeEach
  void start() throws Exception {
    Requirement.root();
    events =
        LinuxEvents.open(
            EventSettings.AUTO,
            (settings, before) -> OpenSources.of(new GivenSource()),
            Map::of,
            new NamespaceEnds(),
            new UnlistedOpenings(),
            new HangingUsers(Ticker.SYSTEM),
            Clock.systemUTC(),
            root);
    process(HANGING, 1000);
    process(OTHER, 1001);
    events.replaceWith(this::startReader, this::startJudge);
    startReader();
    startJudge();
  }

  private boolean startReader() {
    return readers.add(started(new Thread(events::read, "reader")));
  }

  private boolean startJudge() {
    return judges.add(started(new Thread(this::judge, "judge")));
  }

  private static Thread started(Thread thread) {
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void judge() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        // The processes have no network namespace, so each opening may have been on the host too.
        events.await(Duration.ofSeconds(30)).sightings().stream()
            .filter(one -> one.orElse() == null)
            .forEach(seen::add);
      }
    } catch (InterruptedException | ProcessReads.AbandonedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void process(int pid, int uid) throws IOException {
    String fields = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n";
    write(pid, "stat", pid + " (server)" + fields);
    write(pid, "statm", "100 50 20 5 0 40 0\n");
    write(pid, "status", "Name:\tserver\nUid:\t" + (uid + "\t").repeat(4) + "\n");
    write(pid, "cmdline", "server\0");
    Path program = Files.writeString(root.resolve("server-" + pid), "");
    Files.createSymbolicLink(root.resolve("proc/" + pid + "/exe"), program);
  }

  private void write(int pid, String file, String text) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid));
    Files.writeString(folder.resolve(file), text);
  }

  private void hangAt(String file) throws Exception {
    Path fifo = root.resolve("proc/" + HANGING + "/" + file);
    Files.delete(fifo);
    assertThat(Tool.run("mkfifo", fifo.toString()).status()).isZero();
    fifos.add(fifo);
  }

  /** A listener of a process that is closed at once. */
  private void open(int port, int pid) {
    for (boolean opened : new boolean[] {true, false}) {
      Duration at = Ticker.SYSTEM.elapsed();
      given.add(new SocketChange(opened, port, Protocol.TCP, Address.ANY_IPV4, port, pid, at));
    }
  }

  /** Sources are drained when the settings change. */
  private void drain() {
    events.use(EventSettings.AUTO);
  }

  private Sighting sighting() throws InterruptedException {
    return Objects.requireNonNull(seen.poll(30, TimeUnit.SECONDS), "nothing is seen");
  }

  private Owner ownerAt(int port) throws InterruptedException {
    Sighting sighting = sighting();
    assertThat(sighting.listener().endpoint().port()).isEqualTo(port);
    return sighting.listener().owners().get(0);
  }

  private void assertOwned(int port) throws InterruptedException {
    Owner owner = ownerAt(port);
    assertThat(owner.pid()).isEqualTo(OTHER);
    assertThat(owner.executable())
        .isEqualTo(HostText.of(root.resolve("server-" + OTHER).toString()));
    assertThat(owner.uid()).isEqualTo(1001);
  }

  private void assertCounted(long opened) {
    assertThat(seen).isEmpty();
    EventSourceReport report = events.reports().get(0);
    assertThat(report.opened()).isEqualTo(opened);
    assertThat(report.closed()).isEqualTo(opened);
    assertThat(report.lost()).isZero();
    assertThat(events.reconcile(List.of(), Ticker.SYSTEM.elapsed())).isEmpty();
  }

  /** Their reads end, and with them the abandoned threads. */
  @AfterEach
  void end() throws Exception {
    for (Path fifo : fifos) {
      new RandomAccessFile(fifo.toFile(), "rw").close();
    }
    for (List<Thread> threads : List.of(readers, judges)) {
      for (Thread abandoned : threads.subList(0, threads.size() - 1)) {
        abandoned.join();
      }
      assertThat(threads.get(threads.size() - 1).isAlive()).isTrue();
    }
    events.close();
    for (Thread judge : judges) {
      judge.interrupt();
      judge.join();
    }
    events.closeLooks();
  }

  @Test
  void readThatHangs_stopsNoEventOfOthers() throws Exception {
    hangAt("stat");
    open(611, HANGING);
    open(612, OTHER);
    drain();
    assertThat(ownerAt(611).executable()).isNull();
    assertOwned(612);
    open(613, OTHER);
    drain();
    assertOwned(613);
    assertThat(readers).hasSize(2);
    assertThat(judges).hasSize(1);
    assertCounted(3);
  }

  @Test
  void lookThatHangs_stopsNoEventOfOthers() throws Exception {
    hangAt("cmdline");
    open(611, HANGING);
    open(612, OTHER);
    drain();
    Owner left = ownerAt(611);
    assertThat(left.pid()).isEqualTo(HANGING);
    assertThat(left.executable()).isNotNull();
    assertOwned(612);
    open(613, OTHER);
    drain();
    assertOwned(613);
    assertThat(readers).hasSize(1);
    assertThat(judges).hasSize(2);
    assertCounted(3);
  }
}
