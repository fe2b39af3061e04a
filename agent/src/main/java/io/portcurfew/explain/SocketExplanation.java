package io.portcurfew.explain;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The explanation of one family of sockets: the rules about it and its sockets now.
 *
 * @param rules the active rules about the family, in their order
 * @param sockets its sockets, each with its verdict
 * @param unlisted the places where the family could not be listed
 * @param looked true if a source of this host looks for such sockets
 */
public record SocketExplanation(
    SocketPlace.Family family,
    HostText host,
    Instant takenAt,
    List<Rule> rules,
    List<JudgedSocket> sockets,
    List<OtherSockets.Unlisted> unlisted,
    boolean looked) {

  public SocketExplanation {
    rules = List.copyOf(rules);
    sockets = List.copyOf(sockets);
    unlisted = List.copyOf(unlisted);
  }

  /** A socket with its verdict. */
  public record JudgedSocket(OtherSocket socket, @Nullable Ruling ruling) {}

  /** Returns the family of this name, in any case; nothing if there is none. */
  public static Optional<SocketPlace.Family> named(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(SocketPlace.Family.values())
        .filter(family -> family.label().equals(wanted))
        .findFirst();
  }

  /** Explains a family. */
  public static SocketExplanation of(SocketPlace.Family family, Policy policy, Snapshot snapshot) {
    Judgement judgement = Judge.judge(policy, snapshot, List.of());
    OtherSockets sockets = snapshot.sockets();
    return new SocketExplanation(
        family,
        snapshot.host(),
        snapshot.takenAt(),
        policy.at(snapshot.takenAt()).rules().stream()
            .filter(rule -> rule.scope().sockets().contains(family))
            .toList(),
        sockets.all().stream()
            .filter(one -> one.place().family() == family)
            .map(one -> new JudgedSocket(one, judgement.socketRulings().get(one.place())))
            .toList(),
        sockets.unlisted().stream().filter(one -> one.family() == family).toList(),
        sockets.looked());
  }

  /** The verdict on a socket that no rule is about, in one sentence. */
  public String withoutRule() {
    return switch (family) {
      case PACKET, RAW ->
          "Without a rule it is allowed, unless it is in the host's namespace, takes IP traffic or"
              + " commands, and an unknown program holds it.";
      default -> "Without a rule it is allowed.";
    };
  }
}
