package io.portcurfew.observe.linux.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.InNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.StubExecutor;
import io.portcurfew.process.Threads;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The real nft and iptables in a namespace of their own. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class RulesetLiveTest {

  /** Runs each task on the thread that hands it in, which is in the namespace. */
  private static final class SameThread extends StubExecutor implements Threads {
    private int runs;

    @Override
    public ExecutorService oneByOne(String name) {
      return this;
    }

    @Override
    public ExecutorService parallel(String name, Duration kept) {
      return this;
    }

    @Override
    public <T> T get(Future<T> task, Duration most)
        throws InterruptedException, ExecutionException {
      return task.get();
    }

    @Override
    public void sleep(Duration time) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      runs++;
      task.run();
    }
  }

  private final SameThread threads = new SameThread();
  private InNamespace namespace;

  @BeforeEach
  void create() throws Exception {
    namespace = new InNamespace("rules");
  }

  @AfterEach
  void remove() throws Exception {
    namespace.remove();
  }

  private void run(String command) throws Exception {
    List<String> words = List.of(command.split(" "));
    Tool.require(words.get(0));
    Tool.Result result =
        Tool.run(
            "ip",
            Stream.concat(Stream.of("netns", "exec", namespace.name()), words.stream())
                .toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
  }

  private Rulesets rulesets() {
    return new Rulesets("sock_diag", new ProcFs(Path.of("/")), threads);
  }

  private static List<String> places(List<Listener> listeners) {
    return listeners.stream().map(Listener::place).sorted().toList();
  }

  @Test
  void ruleOfNftIsSeenWhenItIsMade() throws Exception {
    run("nft add table ip nat");
    run("nft add chain ip nat pre {type nat hook prerouting priority -100;}");
    run("nft add rule ip nat pre tcp dport 8080 dnat to 10.0.0.9:80");
    try (Rulesets rulesets = rulesets()) {
      assertThat(places(namespace.inside(rulesets::look)))
          .containsExactly("tcp 0.0.0.0:8080 via nft -> 10.0.0.9:80");
      assertThat(rulesets.limit()).isEmpty();
      assertThat(rulesets.gaps()).isEmpty();
      List<Listener> again = namespace.inside(rulesets::look);
      assertThat(namespace.inside(rulesets::look)).isSameAs(again);
      assertThat(threads.runs).isEqualTo(1);
      run("nft add rule ip nat pre udp dport {53,5353} redirect");
      assertThat(places(namespace.inside(rulesets::look)))
          .containsExactly(
              "tcp 0.0.0.0:8080 via nft -> 10.0.0.9:80",
              "udp 0.0.0.0:53 via nft -> :53",
              "udp 0.0.0.0:5353 via nft -> :5353");
      assertThat(threads.runs).isEqualTo(2);
      run("nft flush ruleset");
      assertThat(namespace.inside(rulesets::look)).isEmpty();
    }
  }

  @Test
  void rulesOfBothKindsOfIptablesAreSeen() throws Exception {
    String rule = " -t nat -A PREROUTING -p tcp -m tcp --dport ";
    run("iptables-nft" + rule + "81 -j DNAT --to-destination 10.0.0.9:80");
    run("iptables-legacy" + rule + "82 -j REDIRECT --to-ports 80");
    try (Rulesets rulesets = rulesets()) {
      assertThat(places(namespace.inside(rulesets::look)))
          .containsExactly(
              "tcp 0.0.0.0:81 via iptables -> 10.0.0.9:80", "tcp 0.0.0.0:82 via iptables -> :80");
    }
  }

  @Test
  void withoutTheRightItIsALimitAndNoGap() throws Exception {
    try (Rulesets rulesets = rulesets()) {
      assertThat(namespace.insideWithoutRights(rulesets::look)).isEmpty();
      assertThat(rulesets.limit()).isEqualTo("rulesets take CAP_NET_ADMIN");
      assertThat(rulesets.gaps()).isEmpty();
      assertThat(threads.runs).isZero();
    }
  }
}
