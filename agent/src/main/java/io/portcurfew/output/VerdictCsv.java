package io.portcurfew.output;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.SocketPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of a verdict, and the sockets of other families, as CSV (RFC 4180): one record for
 * each owner of each of them.
 */
public final class VerdictCsv {

  private static final String HEAD =
      "protocol,address,port,namespace,verdict,rule,pid,name,executable,user,unit,container,via";

  private VerdictCsv() {}

  /** Renders the selected listeners and sockets, with a header. */
  public static String render(
      JudgedSnapshot host, Predicate<Listener> selected, Predicate<OtherSocket> selectedSocket) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (Listener listener : host.snapshot().listeners()) {
      if (selected.test(listener)) {
        Ruling ruling = host.judgement().rulings().get(listener.endpoint());
        lines.addAll(records(listener, ruling));
      }
    }
    for (OtherSocket socket : host.snapshot().sockets().all()) {
      if (selectedSocket.test(socket)) {
        lines.addAll(records(socket, host.judgement().socketRulings().get(socket.place())));
      }
    }
    return String.join("\r\n", lines) + "\r\n";
  }

  private static List<String> records(Listener listener, @Nullable Ruling ruling) {
    Endpoint at = listener.endpoint();
    List<Object> first = new ArrayList<>();
    first.add(at.protocol().label());
    first.add(at.address());
    first.add(at.port());
    first.add(at.namespace());
    return records(first, ruling, listener.owners(), listener.via());
  }

  /** The protocol is the family with what it takes; {@code *} stands for every interface. */
  private static List<String> records(OtherSocket socket, @Nullable Ruling ruling) {
    SocketPlace at = socket.place();
    String device = at.device() == null ? "" : "%" + at.device();
    List<Object> first = new ArrayList<>();
    first.add(at.family() + (at.protocol() == null ? "" : " " + at.protocol()));
    first.add((at.address() == null ? "*" : at.address()) + device);
    first.add(text(at.port()));
    first.add(at.namespace());
    return records(first, ruling, socket.owners(), null);
  }

  private static List<String> records(
      List<Object> first, @Nullable Ruling ruling, List<Owner> owners, @Nullable Redirect via) {
    first.add(ruling == null ? "" : ruling.verdict().label());
    first.add(text(ruling == null ? null : ruling.rule()));
    return owners.isEmpty()
        ? List.of(line(first, List.of("", "", "", "", "", ""), via))
        : owners.stream().map(owner -> line(first, owner(owner), via)).toList();
  }

  private static List<Object> owner(Owner owner) {
    var container = owner.details().container();
    return List.of(
        owner.pid(),
        text(owner.name()),
        text(owner.executable()),
        text(owner.user()),
        text(owner.details().unit()),
        container == null ? "" : container.label());
  }

  private static Object text(@Nullable Object value) {
    return value == null ? "" : value;
  }

  private static String line(List<Object> first, List<?> owner, @Nullable Redirect via) {
    List<Object> all = new ArrayList<>(first);
    all.addAll(owner);
    all.add(text(via));
    return all.stream().map(VerdictCsv::field).collect(Collectors.joining(","));
  }

  /**
   * Quotes a field where needed. A local user chooses names: a field that a spreadsheet takes for a
   * formula gets an apostrophe in front.
   */
  static String field(Object value) {
    String text = value.toString();
    String safe = text.matches("(?s)[=+@\\t\\r-].*") ? "'" + text : text;
    return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
