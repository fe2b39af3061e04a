package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the expressions of libnftables-json(5); one that is not understood states nothing. */
final class NftExpression {

  private NftExpression() {}

  /** The only key of an object; empty for anything else. */
  static String key(@Nullable Object value) {
    return value instanceof Map<?, ?> map && !map.isEmpty()
        ? String.valueOf(map.keySet().iterator().next())
        : "";
  }

  static @Nullable Object inside(@Nullable Object value, String key) {
    return value instanceof Map<?, ?> map ? map.get(key) : null;
  }

  static @Nullable Map<?, ?> object(@Nullable Object value, String key) {
    return inside(value, key) instanceof Map<?, ?> map ? map : null;
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  static @Nullable Integer number(@Nullable Object value) {
    return value instanceof Long number && number >= 0 && number <= 65535
        ? number.intValue()
        : null;
  }

  static Ruleset.TableFamily family(@Nullable Object name) {
    return "ip".equals(name)
        ? Ruleset.TableFamily.IPV4
        : "ip6".equals(name) ? Ruleset.TableFamily.IPV6 : Ruleset.TableFamily.BOTH;
  }

  /** The chain that a verdict enters; {@code null} for another verdict. */
  static @Nullable String jump(@Nullable Object verdict) {
    Object target = inside(inside(verdict, "jump"), "target");
    target = target != null ? target : inside(inside(verdict, "goto"), "target");
    return target == null ? null : target.toString();
  }

  /** Adds a match; a negated one takes most of the traffic and is left out. */
  static RuleMatch match(RuleMatch before, @Nullable Map<?, ?> match) {
    boolean equal = match != null && ("==".equals(match.get("op")) || "in".equals(match.get("op")));
    return equal && match != null ? equal(before, match.get("left"), match.get("right")) : before;
  }

  /** Adds that a part of the packet has a value, or one of a set of values. */
  static RuleMatch equal(RuleMatch before, @Nullable Object left, @Nullable Object right) {
    List<?> parts = list(inside(left, "concat"));
    if (!parts.isEmpty()) {
      return concatenated(before, parts, right);
    }
    Map<?, ?> payload = object(left, "payload");
    Object meta = inside(inside(left, "meta"), "key");
    if ("l4proto".equals(meta)) {
      return before.ofProtocols(protocols(right));
    }
    if ("iifname".equals(meta) && right instanceof String device) {
      return before.from(device);
    }
    return payload == null ? before : payload(before, payload, right);
  }

  private static RuleMatch payload(RuleMatch before, Map<?, ?> payload, @Nullable Object right) {
    String protocol = String.valueOf(payload.get("protocol"));
    return switch (String.valueOf(payload.get("field"))) {
      case "dport" -> {
        Set<Protocol> known = protocols(protocol);
        RuleMatch on = known.isEmpty() ? before : before.ofProtocols(known);
        yield on.onPorts(ports(right));
      }
      case "daddr" -> before.to(addresses(right, protocol.equals("ip6")));
      case "protocol", "nexthdr" -> before.ofProtocols(protocols(right));
      default -> before;
    };
  }

  /** Of a set of concatenations each part has the values of all of them. */
  private static RuleMatch concatenated(RuleMatch before, List<?> parts, @Nullable Object right) {
    List<?> rows = right == null ? List.of() : values(right);
    RuleMatch match = before;
    for (int i = 0; i < parts.size(); i++) {
      List<Object> column = new ArrayList<>();
      for (Object row : rows) {
        List<?> cells = list(inside(row, "concat"));
        if (cells.size() == parts.size()) {
          column.add(cells.get(i));
        }
      }
      match = equal(match, parts.get(i), Map.of("set", column));
    }
    return match;
  }

  private static List<?> values(@Nullable Object right) {
    Object set = inside(right, "set");
    return set != null ? list(set) : right == null ? List.of() : List.of(right);
  }

  private static Set<Protocol> protocols(@Nullable Object right) {
    Set<Protocol> known = EnumSet.noneOf(Protocol.class);
    for (Object value : values(right)) {
      for (Protocol protocol : Protocol.values()) {
        if (protocol.label().equals(value)) {
          known.add(protocol);
        }
      }
    }
    return known;
  }

  /** A named set is not followed: it is any port. */
  private static @Nullable List<PortRange> ports(@Nullable Object right) {
    List<PortRange> ranges = new ArrayList<>();
    for (Object value : values(right)) {
      List<?> ends = list(inside(value, "range"));
      Integer first = number(ends.size() == 2 ? ends.get(0) : value);
      Integer last = number(ends.size() == 2 ? ends.get(1) : value);
      if (first == null || last == null || last < first || last == 0) {
        return null;
      }
      ranges.add(new PortRange(Math.max(1, first), last));
    }
    return ranges;
  }

  /** A block, a range or a named set may hold an address of the host, so it is every address. */
  private static List<Address> addresses(@Nullable Object right, boolean ipv6) {
    return values(right).stream()
        .map(
            value -> value instanceof String text ? Address.parse(text) : Optional.<Address>empty())
        .map(one -> one.orElse(ipv6 ? Address.ANY_IPV6 : Address.ANY_IPV4))
        .distinct()
        .toList();
  }

  /** The target in an element of a map: an address, a port, or both. */
  static Ruleset.RuleTarget mapped(@Nullable Object value, boolean local) {
    String address = null;
    Integer port = null;
    List<?> parts = list(inside(value, "concat"));
    for (Object part : parts.isEmpty() && value != null ? List.of(value) : parts) {
      address = part instanceof String text ? text : address;
      port = part instanceof Long ? number(part) : port;
    }
    return new Ruleset.RuleTarget(local, address, port);
  }
}
