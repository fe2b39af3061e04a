package io.portcurfew.cli.text;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.SocketActivation;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The owners of a socket in short. A narrow column cuts their paths in the middle, then leaves out
 * the paths, then the users, then the units and containers: what is left of them stays whole.
 */
final class OwnerCell implements TextColumns.Cell {

  /** A shorter rest of a path says nothing. */
  private static final int LEAST_PATH = 12;

  private static final List<Detail> WITHOUT_PATHS =
      List.of(new Detail(0, true, true), new Detail(0, false, true), new Detail(0, false, false));

  /**
   * The facts that a form shows.
   *
   * @param path the longest path in characters; 0 for none
   */
  private record Detail(int path, boolean user, boolean unit) {}

  private final List<Owner> owners;
  private final String rest;
  private final String whole;

  /**
   * @param rest follows the owners: why one is unknown, or the redirect; empty for nothing
   */
  OwnerCell(List<Owner> owners, String rest) {
    this.owners = owners;
    this.rest = rest;
    this.whole = text(new Detail(Integer.MAX_VALUE, true, true));
  }

  @Override
  public String whole() {
    return whole;
  }

  @Override
  public String fitted(int width) {
    String text = whole;
    for (int path = width; path >= LEAST_PATH && TextColumns.length(text) > width; path--) {
      text = text(new Detail(path, true, true));
    }
    for (Detail less : WITHOUT_PATHS) {
      if (TextColumns.length(text) > width) {
        text = text(less);
      }
    }
    return TextColumns.cut(text, width);
  }

  private String text(Detail detail) {
    Stream<String> known = owners.stream().map(owner -> text(owner, true, detail));
    return Stream.concat(known, Stream.of(rest))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  /** One owner in short, whole. */
  static String of(Owner owner, boolean withPid) {
    return text(owner, withPid, new Detail(Integer.MAX_VALUE, true, true));
  }

  private static String text(Owner owner, boolean withPid, Detail detail) {
    String name = owner.name() == null ? "pid" : owner.name().toString();
    OwnerDetails.Script script = owner.details().script();
    return name
        + (withPid ? "[" + owner.pid() + "]" : "")
        + path(owner.executable(), detail.path())
        + path(script == null ? null : script.path(), detail.path())
        + (detail.user() ? known(" as ", owner.users()) : "")
        + (detail.unit() ? unit(owner) : "")
        + owner.details().remark();
  }

  private static String path(@Nullable HostText path, int width) {
    return path == null || width == 0 ? "" : " " + TextColumns.cut(path.toString(), width);
  }

  private static String unit(Owner owner) {
    Container container = owner.details().container();
    if (container != null) {
      return ", container " + container.label();
    }
    SocketActivation activation = owner.details().activation();
    return activation == null ? known(", ", owner.details().unit()) : ", for " + activation;
  }

  private static String known(String before, @Nullable HostText text) {
    return text == null ? "" : before + text;
  }
}
