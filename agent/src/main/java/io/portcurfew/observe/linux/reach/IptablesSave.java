package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the output of iptables-save(8) and ip6tables-save(8); pure. */
final class IptablesSave {

  private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})(?:[:-]([0-9]{1,5}))?");
  private static final Pattern DESTINATION =
      Pattern.compile(
          "\\[(?<six>[^\\]-]+)[^\\]]*\\](?::(?<portOfSix>[0-9]+).*)?"
              + "|(?<four>[0-9.]*)(?:-[0-9.]+)?(?::(?<portOfFour>[0-9]+).*)?"
              + "|(?<plain>[0-9a-fA-F:.]+)(?:-.*)?");

  private final Ruleset.TableFamily family;
  private final Map<String, List<Ruleset.RuleStep>> chains = new LinkedHashMap<>();
  private final List<String> entries = new ArrayList<>();
  private String table = "";

  private IptablesSave(Ruleset.TableFamily family) {
    this.family = family;
  }

  /** Reads the tables nat and mangle; other lines are left out. */
  static Ruleset read(String text, Ruleset.TableFamily family) {
    IptablesSave save = new IptablesSave(family);
    text.lines().forEach(save::line);
    return new Ruleset("iptables", save.chains, save.entries);
  }

  private void line(String line) {
    if (line.startsWith("*")) {
      table = line.substring(1).strip();
      if (table.equals("nat") || table.equals("mangle")) {
        entries.add(chain("PREROUTING"));
      }
    } else if (line.startsWith("-A ")) {
      rule(List.of(line.split(" +", -1)));
    }
  }

  private String chain(String name) {
    return table + " " + name;
  }

  private void rule(List<String> words) {
    RuleMatch match = RuleMatch.ANYTHING;
    for (int i = 2; i + 1 < words.size(); i++) {
      // A negated match is left out: it takes most of the traffic.
      if (!words.get(i - 1).equals("!")) {
        match = with(match, words.get(i), words.get(i + 1));
      }
    }
    String action = after(words, "-j");
    String jump = action == null ? after(words, "-g") : action;
    Ruleset.RuleTarget target = target(action, words);
    chains
        .computeIfAbsent(chain(words.get(1)), name -> new ArrayList<>())
        .add(new Ruleset.RuleStep(match, family, jump == null ? null : chain(jump), target));
  }

  private static RuleMatch with(RuleMatch match, String option, String value) {
    return switch (option) {
      case "-p" -> protocol(value).map(one -> match.ofProtocols(Set.of(one))).orElse(match);
      case "--dport", "--dports" -> ports(value).map(match::onPorts).orElse(match);
      case "-i" -> match.from(value.replaceAll("\\+$", "*"));
      case "-d" -> address(value).map(one -> match.to(List.of(one))).orElse(match);
      default -> match;
    };
  }

  private static Optional<Protocol> protocol(String name) {
    return switch (name) {
      case "tcp" -> Optional.of(Protocol.TCP);
      case "udp" -> Optional.of(Protocol.UDP);
      default -> Optional.empty();
    };
  }

  /** A list like {@code 53,8000:8010}; empty if a part is no port. */
  static Optional<List<PortRange>> ports(String list) {
    List<PortRange> ranges = new ArrayList<>();
    for (String part : list.split(",", -1)) {
      Matcher form = PORTS.matcher(part);
      if (!form.matches()) {
        return Optional.empty();
      }
      int first = Integer.parseInt(form.group(1));
      int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
      if (last < first || last > 65535) {
        return Optional.empty();
      }
      ranges.add(new PortRange(Math.max(1, first), Math.max(1, last)));
    }
    return Optional.of(ranges);
  }

  /** A single address; a block may hold an address of the host, so it is every address. */
  private static Optional<Address> address(String text) {
    String[] parts = text.split("/", 2);
    boolean ipv6 = parts[0].indexOf(':') >= 0;
    boolean single = parts.length == 1 || parts[1].equals(ipv6 ? "128" : "32");
    return single
        ? Address.parse(parts[0])
        : Optional.of(ipv6 ? Address.ANY_IPV6 : Address.ANY_IPV4);
  }

  private static Ruleset.@Nullable RuleTarget target(@Nullable String action, List<String> words) {
    if (action == null) {
      return null;
    }
    return switch (action) {
      case "REDIRECT" -> new Ruleset.RuleTarget(true, null, port(after(words, "--to-ports")));
      case "TPROXY" -> new Ruleset.RuleTarget(true, null, port(after(words, "--on-port")));
      case "DNAT" -> destination(after(words, "--to-destination"));
      default -> null;
    };
  }

  private static Ruleset.RuleTarget destination(@Nullable String text) {
    Matcher form = DESTINATION.matcher(text == null ? "" : text);
    if (!form.matches()) {
      return new Ruleset.RuleTarget(false, null, null);
    }
    String ipv4 = form.group("four");
    String ipv6 = form.group("six") != null ? form.group("six") : form.group("plain");
    String address = ipv6 != null ? ipv6 : ipv4;
    String port = ipv6 != null ? form.group("portOfSix") : form.group("portOfFour");
    return new Ruleset.RuleTarget(
        false, address == null || address.isEmpty() ? null : address, port(port));
  }

  private static @Nullable Integer port(@Nullable String text) {
    Matcher form = PORTS.matcher(text == null ? "" : text);
    return form.matches() ? Integer.valueOf(form.group(1)) : null;
  }

  private static @Nullable String after(List<String> words, String option) {
    int at = words.indexOf(option);
    return at < 0 || at + 1 >= words.size() ? null : words.get(at + 1);
  }
}
