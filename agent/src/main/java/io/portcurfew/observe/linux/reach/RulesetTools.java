package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.process.ProcessResult;
import io.portcurfew.process.ProcessRunner;
import io.portcurfew.process.RootOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Runs nft(8) and iptables-save(8), which only read, and finds the redirects in their output. */
final class RulesetTools {

  private static final List<String> FOLDERS = List.of("/usr/sbin/", "/sbin/", "/usr/bin/");

  private final ProcessRunner runner = new ProcessRunner();
  private final Predicate<Address> isOfHost;
  private final List<Listener> listeners = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  RulesetTools(Predicate<Address> isOfHost) {
    this.isOfHost = isOfHost;
  }

  /**
   * The redirects of this namespace.
   *
   * @param missing the parts that could not be read, in words
   */
  record ToolRedirects(List<Listener> listeners, List<String> missing) {}

  /**
   * Reads the rulesets.
   *
   * @param legacy true if iptables has tables of its own in the kernel
   * @throws InterruptedException if the run was interrupted
   */
  ToolRedirects read(boolean legacy) throws InterruptedException {
    String json = run("nft", List.of("-j", "list", "ruleset"));
    boolean hasIptables = false;
    if (!json.isEmpty()) {
      try {
        NftRuleset.ParsedRuleset nft = NftRuleset.read(json);
        hasIptables = nft.hasIptables();
        add(nft.ruleset());
      } catch (IllegalArgumentException malformed) {
        missing.add("the output of nft cannot be parsed");
      }
    }
    if (hasIptables) {
      iptables("iptables-nft-save", "ip6tables-nft-save");
    }
    if (legacy) {
      iptables("iptables-legacy-save", "ip6tables-legacy-save");
    }
    return new ToolRedirects(List.copyOf(listeners), List.copyOf(missing));
  }

  private void iptables(String ipv4, String ipv6) throws InterruptedException {
    add(IptablesSave.read(run(ipv4, List.of()), Ruleset.TableFamily.IPV4));
    add(IptablesSave.read(run(ipv6, List.of()), Ruleset.TableFamily.IPV6));
  }

  private void add(Ruleset ruleset) {
    RulesetWalk.WalkedRedirects found = RulesetWalk.of(ruleset, isOfHost);
    listeners.addAll(found.listeners());
    missing.addAll(found.unlisted());
  }

  /** The output; empty if there is none, with the reason in {@link #missing}. */
  private String run(String name, List<String> arguments) throws InterruptedException {
    Path tool =
        FOLDERS.stream()
            .map(folder -> Path.of(folder + name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    if (tool == null) {
      missing.add(name + " is not installed");
      return "";
    }
    String objection = new RootOnly().objection(tool).orElse(null);
    if (objection != null) {
      missing.add(objection);
      return "";
    }
    ProcessResult result = runner.run(tool, arguments);
    Integer status = result.status();
    if (status == null || status != 0) {
      String why =
          Stream.of(result.stopped(), result.errors(), "exit status " + status)
              .filter(text -> text != null && !text.isBlank())
              .findFirst()
              .orElse("");
      missing.add(name + ": " + HostText.of(why.strip(), 200));
      return "";
    }
    return result.output();
  }
}
