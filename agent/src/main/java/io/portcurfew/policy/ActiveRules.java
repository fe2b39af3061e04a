package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a policy that are active on one day, and the rule that decides an endpoint. Building
 * it takes about as long as a sort; the cost of a lookup does not depend on the number of rules.
 */
public final class ActiveRules {

  private final LocalDate day;
  private final List<Rule> active;
  private final List<Rule> all;
  private final Tables tables;
  private final List<Rule> aboutSockets;
  private volatile @Nullable ClientTables latest;

  /** The active rules, and those that have expired. */
  private record Tables(RuleTable now, RuleTable expired) {

    static Tables of(List<Rule> rules, LocalDate day, Predicate<Rule> which) {
      Tables tables = new Tables(new RuleTable(), new RuleTable());
      for (int place = 0; place < rules.size(); place++) {
        Rule rule = rules.get(place);
        if (which.test(rule)) {
          (rule.countsOn(day) ? tables.now : tables.expired).add(place, rule);
        }
      }
      return tables;
    }
  }

  /** The rules that name the port of a UDP client, for one range of client ports. */
  private record ClientTables(PortRange ephemeral, Tables tables) {}

  /** Rules by endpoint and rules by owner. */
  private static final class RuleTable {
    final RuleIndex byEndpoint = new RuleIndex();
    final OwnerRules byOwner = new OwnerRules();

    void add(int place, Rule rule) {
      if (rule.scope().isAboutSockets()) {
        return;
      }
      if (rule.scope().selectsByOwner()) {
        byOwner.add(place, rule);
      } else {
        byEndpoint.add(place, rule);
      }
    }

    RuleIndex.@Nullable Placed about(Endpoint endpoint) {
      return byEndpoint.about(endpoint);
    }

    RuleIndex.@Nullable Placed about(Listener listener) {
      return byOwner.about(listener, byEndpoint.about(listener.endpoint()));
    }
  }

  ActiveRules(List<Rule> rules, LocalDate day) {
    this.day = day;
    this.active = rules.stream().filter(rule -> rule.countsOn(day)).toList();
    this.all = rules;
    this.tables = Tables.of(rules, day, rule -> true);
    this.aboutSockets = active.stream().filter(rule -> rule.scope().isAboutSockets()).toList();
  }

  /** The day on which they are active. */
  LocalDate day() {
    return day;
  }

  /** The active rules in their order. */
  public List<Rule> rules() {
    return active;
  }

  /** The rule that decides this endpoint if its owner is unknown and it is no UDP client. */
  public Optional<Rule> ruleAbout(Endpoint endpoint) {
    return Optional.ofNullable(tables.now.about(endpoint)).map(RuleIndex.Placed::rule);
  }

  /**
   * The rule that decides a listener of this snapshot. A rule whose ports cover most of the client
   * ports names no client, so it decides none.
   */
  public Optional<Rule> ruleAbout(Listener listener, Snapshot snapshot) {
    RuleTable now = tables(listener, snapshot).now;
    return Optional.ofNullable(now.about(listener)).map(RuleIndex.Placed::rule);
  }

  /** The rule that decides a socket of another family. */
  public Optional<Rule> ruleAbout(OtherSocket socket) {
    return aboutSockets.stream()
        .filter(rule -> rule.scope().selects(socket) == Trilean.YES)
        .findFirst();
  }

  /** The first rule that would select this listener if its owner were known well enough. */
  public Optional<Rule> inDoubtAbout(Listener listener) {
    return Optional.ofNullable(tables.now.byOwner.inDoubt(listener));
  }

  /** The rule that would decide this endpoint, of unknown owner, if it had not expired. */
  public Optional<Rule> ranOutBefore(Endpoint endpoint) {
    return ranOut(tables.expired.about(endpoint), tables.now.about(endpoint));
  }

  /** The rule that would decide a listener of this snapshot if it had not expired. */
  public Optional<Rule> ranOutBefore(Listener listener, Snapshot snapshot) {
    Tables about = tables(listener, snapshot);
    return ranOut(about.expired.about(listener), about.now.about(listener));
  }

  private Tables tables(Listener listener, Snapshot snapshot) {
    if (!snapshot.isOfClient(listener)) {
      return tables;
    }
    PortRange ephemeral = snapshot.ephemeral();
    ClientTables known = latest;
    if (known == null || !known.ephemeral.equals(ephemeral)) {
      known =
          new ClientTables(
              ephemeral, Tables.of(all, day, rule -> !rule.scope().coversMostOf(ephemeral)));
      latest = known;
    }
    return known.tables;
  }

  private static Optional<Rule> ranOut(
      RuleIndex.@Nullable Placed late, RuleIndex.@Nullable Placed now) {
    if (late == null) {
      return Optional.empty();
    }
    return now != null && now.place() < late.place() ? Optional.empty() : Optional.of(late.rule());
  }
}
