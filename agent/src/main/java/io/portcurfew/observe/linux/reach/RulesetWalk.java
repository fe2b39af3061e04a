package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ports of this host that a ruleset takes elsewhere, by following its chains; pure. A
 * rule about addresses of other hosts is no port of this one.
 */
final class RulesetWalk {

  private static final int MOST_DEPTH = 16;
  private static final int MOST_STEPS = 100_000;
  private static final int MOST_PORTS_OF_RULE = 256;
  private static final int MOST_LISTENERS = 4096;

  private final Ruleset ruleset;
  private final Predicate<Address> isOfHost;
  private final Map<Endpoint, Listener> found = new LinkedHashMap<>();
  private final List<String> unlisted = new ArrayList<>();
  private int steps;

  private RulesetWalk(Ruleset ruleset, Predicate<Address> isOfHost) {
    this.ruleset = ruleset;
    this.isOfHost = isOfHost;
  }

  /**
   * The redirects of a ruleset.
   *
   * @param unlisted the rules that redirect more ports than can be listed, in words
   */
  record WalkedRedirects(List<Listener> listeners, List<String> unlisted) {}

  /**
   * Walks through a ruleset.
   *
   * @param isOfHost true for the addresses of this host
   */
  static WalkedRedirects of(Ruleset ruleset, Predicate<Address> isOfHost) {
    RulesetWalk walk = new RulesetWalk(ruleset, isOfHost);
    ruleset.entries().forEach(chain -> walk.enter(chain, RuleMatch.ANYTHING, 0));
    return new WalkedRedirects(List.copyOf(walk.found.values()), List.copyOf(walk.unlisted));
  }

  private void enter(String chain, RuleMatch entry, int depth) {
    for (Ruleset.RuleStep step : ruleset.chains().getOrDefault(chain, List.of())) {
      if (++steps > MOST_STEPS || found.size() > MOST_LISTENERS || depth > MOST_DEPTH) {
        note("the ruleset is too large");
        return;
      }
      RuleMatch match = step.match().within(entry);
      Ruleset.RuleTarget target = step.target();
      String jump = step.jump();
      if (target != null) {
        redirect(chain, match, step.family(), target);
      } else if (jump != null) {
        enter(jump, match, depth + 1);
      }
    }
  }

  private void note(String why) {
    if (!unlisted.contains(why)) {
      unlisted.add(why);
    }
  }

  private void redirect(
      String chain, RuleMatch match, Ruleset.TableFamily family, Ruleset.RuleTarget target) {
    List<PortRange> ranges = match.ports();
    int count =
        ranges == null ? 65535 : ranges.stream().mapToInt(r -> r.last() - r.first() + 1).sum();
    List<Address> addresses = addresses(match, family);
    if (addresses.isEmpty()) {
      return;
    }
    if (ranges == null || count > MOST_PORTS_OF_RULE) {
      String name = HostText.of(chain, 64).toString();
      note(
          "a rule of the chain " + name + " takes " + CountedNoun.of(count, "port") + " elsewhere");
      return;
    }
    Set<Protocol> wanted = match.protocols();
    for (Protocol protocol : wanted == null ? EnumSet.allOf(Protocol.class) : wanted) {
      for (Address address : addresses) {
        for (PortRange range : ranges) {
          for (int port = range.first(); port <= range.last(); port++) {
            add(new Endpoint(protocol, address, port), target);
          }
        }
      }
    }
  }

  private void add(Endpoint endpoint, Ruleset.RuleTarget target) {
    Redirect via = new Redirect(ruleset.by(), null, text(target, endpoint.port()), target.local());
    found.putIfAbsent(endpoint, Listener.redirect(endpoint, List.of(), via));
  }

  private static HostText text(Ruleset.RuleTarget target, int port) {
    Integer other = target.port();
    String address = target.address() == null ? "" : target.address();
    String shown = address.indexOf(':') < 0 ? address : "[" + address + "]";
    return HostText.of(shown + ":" + (other == null ? port : other), 128);
  }

  /** Every address of its families where the rule states none. */
  private List<Address> addresses(RuleMatch match, Ruleset.TableFamily family) {
    List<Address> stated = match.addresses();
    List<Address> all = new ArrayList<>();
    if (stated != null) {
      stated.stream().filter(one -> one.isWildcard() || isOfHost.test(one)).forEach(all::add);
    } else {
      if (family.hasIpv4()) {
        all.add(Address.ANY_IPV4);
      }
      if (family.hasIpv6()) {
        all.add(Address.ANY_IPV6);
      }
    }
    @Nullable String device = match.device();
    return device == null ? all : all.stream().map(one -> one.in(device)).toList();
  }
}
