package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.container.EngineFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A host that is only a folder: the rows, links and texts that its kernel once gave. */
@EnabledOnOs(OS.LINUX)
class CapturedHostTest {

  private static final String HEADER = "  sl  local_address rem_address   st tx_queue inode\n";
  private static final String QUEUES = " 00000000:00000000 00:00000000 00000000 ";

  @TempDir private Path root;

  @BeforeEach
  void capture() throws IOException {
    write("etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:\n");
    write("proc/stat", "cpu 1 2 3\nbtime 1700000000\n");
    write("proc/loadavg", "0.1 0.1 0.1 1/2 200\n");
    write("proc/net/tcp", HEADER + row("0100007F:0263", "0A", 900));
    write("proc/net/udp", HEADER + row("00000000:0035", "07", 901));
    process(1, "systemd", 0, 10, 0, "0::/init.scope");
    process(100, "a) S 1 1 (b", 1, 2000, 33, "0::/system.slice/nginx.service");
    link("proc/100/fd/5", "socket:[900]");
    link("proc/100/fd/6", "pipe:[77]");
    link("proc/100/exe", "/usr/sbin/nginx-of-the-captured-host");
  }

  private static String row(String local, String state, int inode) {
    return "   0: " + local + " 00000000:0000 " + state + QUEUES + "  0        0 " + inode + " 1\n";
  }

  private void process(int pid, String name, int parent, int start, int uid, String group)
      throws IOException {
    String folder = "proc/" + pid + "/";
    String fields = " S " + parent + " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + start + " 0 0\n";
    write(folder + "stat", pid + " (" + name + ")" + fields);
    write(folder + "status", "Name:\tx\nUid:\t0\t" + uid + "\t0\t0\n");
    write(folder + "cmdline", "nginx: master\0-g\0secret\0");
    write(folder + "cgroup", group + "\n");
    Files.createDirectories(root.resolve(folder + "fd"));
    link(folder + "ns/net", "net:[4026531840]");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  private void link(String path, String target) throws IOException {
    Files.deleteIfExists(root.resolve(path));
    Files.createDirectories(root.resolve(path).getParent());
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
  }

  private View look() throws InterruptedException {
    try (LinuxSource source = LinuxSource.ofCaptured(root)) {
      return source.look();
    }
  }

  @Test
  void socketWithoutProcess_isTheKernelsOnlyIfMadeByRoot() throws Exception {
    write("proc/net/tcp", HEADER + row("0100007F:0263", "0A", 902));
    String ofUser =
        row("00000000:0035", "07", 901).replace("  0        0 901", "1000        0 901");
    write("proc/net/udp", HEADER + ofUser);
    assertThat(look().listeners())
        .extracting(Listener::unknownOwner)
        .containsExactly(UnknownOwner.GONE, UnknownOwner.KERNEL);
    link("proc/self/ns/pid", "pid:[4026532000]");
    assertThat(look().listeners())
        .extracting(Listener::unknownOwner)
        .containsOnly(UnknownOwner.NO_RIGHT);
  }

  @Test
  void ownerHasTheCreatorOfItsSocket() throws Exception {
    write(
        "proc/net/tcp",
        HEADER + row("0100007F:0263", "0A", 900).replace("  0        0 900", "34        0 900"));
    Owner owner = look().listeners().get(1).owners().get(0);
    assertThat(owner.details().realUid()).isZero();
    assertThat(owner.details().creatorUid()).isEqualTo(34);
  }

  @Test
  void ownersAreReadFromTheFolder() throws Exception {
    View view = look();
    assertThat(view.complete()).isTrue();
    assertThat(view.listeners())
        .extracting(listener -> listener.endpoint().toString())
        .containsExactly("udp 0.0.0.0:53", "tcp 127.0.0.1:611");
    Owner owner = view.listeners().get(1).owners().get(0);
    assertThat(owner.pid()).isEqualTo(100);
    assertThat(owner.name()).hasToString("a) S 1 1 (b");
    assertThat(owner.user()).hasToString("www-data");
    assertThat(owner.executable()).hasToString("/usr/sbin/nginx-of-the-captured-host");
    assertThat(owner.details().unit()).hasToString("nginx.service");
    assertThat(owner.details().firstArgument()).hasToString("nginx: master");
    assertThat(owner.details().startedAt()).hasToString("2023-11-14T22:13:40Z");
    assertThat(owner.details().ancestors()).singleElement().hasToString("systemd[1]");
  }

  @Test
  void socketsAfterAGap_haveAllTheirOwners() throws Exception {
    process(101, "worker", 1, 2001, 33, "0::/system.slice/nginx.service");
    link("proc/101/fd/7", "socket:[900]");
    // So that their turn comes later.
    for (int pid = 10; pid < 60; pid++) {
      process(pid, "x", 1, 100, 0, "0::/");
    }
    // A search for its owner would pass all processes.
    write("proc/net/udp", HEADER);
    Files.delete(root.resolve("proc/net/tcp"));
    try (LinuxSource source = LinuxSource.ofCaptured(root)) {
      assertThat(source.look().complete()).isFalse();
      write("proc/net/tcp", HEADER + row("0100007F:0263", "0A", 900));
      assertThat(source.look().listeners().get(0).owners())
          .extracting(Owner::pid)
          .containsExactly(100, 101);
    }
  }

  @Test
  void aSocketThatNobodyHoldsSaysWhy() throws Exception {
    assertThat(look().gaps())
        .filteredOn(gap -> gap.what() == Gap.What.OWNERS)
        .singleElement()
        .satisfies(gap -> assertThat(gap.why()).contains("udp 0.0.0.0:53").contains("kernel"));
  }

  @Test
  void unreadableRow_makesTheViewIncomplete() throws Exception {
    write("proc/net/tcp", HEADER + row("0100007F:0263", "0A", 900) + "rubbish\n");
    View view = look();
    assertThat(view.complete()).isFalse();
    assertThat(view.listeners()).hasSize(2);
    assertThat(view.gaps()).anyMatch(gap -> gap.what() == Gap.What.ROW);
  }

  @Test
  void missingOrEmptyTable_isAGap() throws Exception {
    Files.delete(root.resolve("proc/net/udp"));
    assertThat(look().complete()).isFalse();
    write("proc/net/udp", "");
    View view = look();
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps()).anyMatch(gap -> gap.what() == Gap.What.LISTENERS);
  }

  @Test
  void processShowsListenersOfItsNamespace() throws Exception {
    process(200, "redis", 1, 3000, 0, "0::/system.slice/redis.service");
    Files.delete(root.resolve("proc/200/ns/net"));
    link("proc/200/ns/net", "net:[4026532999]");
    write("proc/200/net/tcp", HEADER + row("00000000:18EB", "0A", 950));
    write("proc/200/net/udp", HEADER);
    link("proc/200/fd/3", "socket:[950]");
    assertThat(look().listeners())
        .filteredOn(listener -> listener.endpoint().port() == 6379)
        .singleElement()
        .satisfies(
            listener -> {
              assertThat(listener.endpoint().namespace()).isEqualTo("redis.service");
              assertThat(listener.owners()).extracting(Owner::pid).containsExactly(200);
            });
  }

  @Test
  void parentYoungerThanItsChild_isNoParent() throws Exception {
    process(100, "child", 300, 2000, 33, "0::/");
    process(300, "impostor", 1, 9000, 0, "0::/");
    assertThat(look().listeners().get(1).owners().get(0).details().ancestors()).isEmpty();
  }

  @Test
  void floodInATextTable_hidesNoOtherUser() throws Exception {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int i = 0; i < 30_000; i++) {
      String local = "0100007F:%04X".formatted(2000 + i);
      rows.append(row(local, "0A", 2_000_000 + i).replace(QUEUES + "  0", QUEUES + "1000"));
    }
    write("proc/net/tcp", rows + row("0100007F:0263", "0A", 900));
    View view = look();
    assertThat(view.listeners()).hasSize(RowBound.HOST + 1);
    assertThat(view.listeners())
        .filteredOn(listener -> listener.endpoint().port() == 611)
        .singleElement()
        .satisfies(one -> assertThat(one.owners()).extracting(Owner::pid).containsExactly(100));
    assertThat(view.gaps())
        .filteredOn(Gap::hidesListeners)
        .singleElement()
        .satisfies(gap -> assertThat(gap.why()).contains("uid 1000"));
  }

  @Test
  void publishedPortIsAListenerOfTheHost() throws Exception {
    String group = "0::/system.slice/docker-" + EngineFolders.ID + ".scope";
    process(4711, "redis-server", 1, 3000, 0, group);
    new EngineFolders(root)
        .docker(
            "var/lib/docker",
            "/shop-redis-1",
            "\"Ports\":{\"6379/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"6379\"}]}");
    View view = look();
    assertThat(view.complete()).isTrue();
    assertThat(view.listeners())
        .extracting(Listener::place)
        .contains("tcp 0.0.0.0:6379 via docker shop-redis-1 -> 172.17.0.2:6379");
  }
}
