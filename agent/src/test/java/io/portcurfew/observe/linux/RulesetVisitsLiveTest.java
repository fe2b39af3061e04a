package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.netlink.NftGeneration;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Redirects in another network namespace than the agent's. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class RulesetVisitsLiveTest {

  private static void nft(InNamespace namespace, String command) throws Exception {
    Tool.require("nft");
    String[] words =
        Stream.concat(
                Stream.of("netns", "exec", namespace.name(), "nft"), Stream.of(command.split(" ")))
            .toArray(String[]::new);
    Tool.Result result = Tool.run("ip", words);
    assertThat(result.status()).as(result.output()).isZero();
  }

  private static List<String> redirects(LinuxSource source) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(listener -> listener.via() != null)
        .map(Listener::place)
        .toList();
  }

  @Test
  void namespacesAreReadOrNamedAsALimit() throws Exception {
    InNamespace namespace = new InNamespace("unread");
    try (LinuxSource source = LinuxSource.ofHost()) {
      String limit = "";
      // The host may have more namespaces than one look reads.
      for (int i = 0; i < 50; i++) {
        limit = String.join("; ", source.look().limits());
        if (!limit.contains("not known yet")) {
          break;
        }
        assertThat(limit).containsPattern("redirects in \\d+ of \\d+ other network namespaces are");
      }
      assertThat(limit).doesNotContain("not known yet");
    } finally {
      namespace.remove();
    }
  }

  @Test
  void namespaceWithoutARulesetHasTheFirstNumber() throws Exception {
    InNamespace namespace = new InNamespace("unused");
    try (NftGeneration generation = namespace.inside(NftGeneration::open)) {
      Integer first = generation.current();
      assertThat(first).isIn(null, NftGeneration.UNUSED);
      nft(namespace, "add table ip nat");
      assertThat(generation.current()).isEqualTo(NftGeneration.UNUSED + 1);
    } finally {
      namespace.remove();
    }
  }

  @Test
  void redirectOfAnotherNamespaceIsSeen() throws Exception {
    InNamespace namespace = new InNamespace("visited");
    try (LinuxSource source = LinuxSource.ofHost()) {
      nft(namespace, "add table ip nat");
      nft(namespace, "add chain ip nat pre {type nat hook prerouting priority -100;}");
      nft(namespace, "add rule ip nat pre tcp dport 8080 dnat to 10.0.0.9:80");
      String there = "tcp 0.0.0.0:8080 in " + namespace.name() + " via nft -> 10.0.0.9:80";
      // The namespaces of the host are visited in turns, and nft(8) ends when it ends.
      Daemon.until("it is seen", () -> redirects(source).contains(there));
      nft(namespace, "flush ruleset");
      Daemon.until("it is gone", () -> !redirects(source).contains(there));
    } finally {
      namespace.remove();
    }
  }
}
