package io.portcurfew.page;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.text.ShortList;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Values of the templates, which escape them. */
final class HtmlText {

  /** Characters of a cell: any user can choose long names. */
  static final int LONGEST = 160;

  private static final int LONGEST_REASON = 600;
  private static final int UNBROKEN = 24;
  private static final int LONGEST_WORD = 40;
  private static final int OWNERS = 3;

  private HtmlText() {}

  /** A text in parts, between which a line may break; a short one stays whole. */
  static List<String> parts(Object value) {
    return parts(value, LONGEST);
  }

  /** A reason of the agent in parts; it may list several places. */
  static List<String> reason(Object value) {
    return parts(value, LONGEST_REASON);
  }

  private static List<String> parts(Object value, int longest) {
    String text = cut(value.toString(), longest);
    if (text.length() <= UNBROKEN) {
      return text.isEmpty() ? List.of() : List.of(text);
    }
    return Stream.of(text.split("(?<=[/_@ -])|(?<=\\G.{" + LONGEST_WORD + "})", -1))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** A prose in words, between which alone a line may break: names have hyphens. */
  static List<String> words(String text) {
    return Stream.of(text.split("(?<= )|(?<=\\G.{" + LONGEST_WORD + "})", -1))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  static String cut(String text) {
    return cut(text, LONGEST);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...(cut)";
  }

  static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Owners in short, without their unit. */
  static String owners(List<Owner> owners) {
    return some(owners.stream().map(HtmlText::owner).distinct().toList());
  }

  private static String owner(Owner owner) {
    if (owner.kernel() != null) {
      return owner.toString();
    }
    String name = owner.name() == null ? "pid " : owner.name().toString();
    return name
        + "["
        + owner.pid()
        + "]"
        + (owner.executable() == null ? "" : " " + owner.executable())
        + (owner.details().script() == null ? "" : " " + owner.details().script().path())
        + (owner.users() == null ? "" : " as " + owner.users())
        + owner.details().remark();
  }

  /** The units or containers of owners. */
  static String units(List<Owner> owners) {
    return some(owners.stream().map(o -> unit(o.details())).distinct().toList());
  }

  private static String unit(OwnerDetails details) {
    if (details.container() != null) {
      return "container " + details.container().label();
    }
    Object unit = details.activation() == null ? details.unit() : details.activation();
    return unit == null ? "" : unit.toString();
  }

  private static String some(List<String> all) {
    List<String> known = all.stream().filter(text -> !text.isEmpty()).toList();
    return ShortList.of(known, OWNERS);
  }

  /** The path of the page that explains a port. */
  static String explain(Endpoint endpoint) {
    return "/explain/" + endpoint.port();
  }

  /** A table of at most so many rows; the rest is only counted. */
  static <T> Map<String, Object> table(
      List<T> all, int most, Function<T, Map<String, Object>> row) {
    List<Map<String, Object>> rows = all.stream().limit(most).map(row).toList();
    return Map.of(
        "rows", rows, "any", !rows.isEmpty(), "cut", all.size() > most, "size", all.size());
  }
}
