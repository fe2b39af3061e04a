package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.observe.Address;
import io.portcurfew.policy.AddressTerm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads addresses: {@code loopback}, {@code any}, {@code private}, an address, a block of them, the
 * name of a network interface, or a list.
 */
public final class AddressReader {

  private static final String EXPECTED =
      "loopback, any, private, an address like 192.0.2.1, a block like 10.0.0.0/8, the name of a"
          + " network interface, or a list of them";
  private static final List<String> NAMED = List.of("loopback", "any", "private");

  /** Words that look like interface names, and the names that users probably mean. */
  private static final Map<String, String> SYNONYMS =
      Map.of("localhost", "loopback", "all", "any", "everywhere", "any", "local", "loopback");

  /** At most 15 characters as on Linux (IFNAMSIZ, linux/if.h), beginning with a letter. */
  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z][A-Za-z0-9._@-]{0,14}");

  private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** Some parsers read a leading zero as octal, so 010.0.0.1 is ambiguous. */
  private static final Pattern LEADING_ZERO = Pattern.compile("(?:.*\\.)?0[0-9]+(?:\\..*)?");

  private AddressReader() {}

  static List<AddressTerm> read(Field field) {
    return field
        .oneOrMore(EXPECTED)
        .map(items -> DistinctItems.read(items, AddressReader::readOne))
        .orElse(List.of());
  }

  private static Optional<AddressTerm> readOne(Field field) {
    return field.scalar(EXPECTED).flatMap(scalar -> readOne(field, scalar.text()));
  }

  private static Optional<AddressTerm> readOne(Field field, String text) {
    return switch (text) {
      case "any" -> Optional.of(new AddressTerm.Any());
      case "loopback" -> Optional.of(new AddressTerm.Loopback());
      case "private" -> Optional.of(new AddressTerm.Private());
      default -> INTERFACE.matcher(text).matches() ? named(field, text) : numeric(field, text);
    };
  }

  /** Refuses mistyped names, which would otherwise be valid interface names. */
  private static Optional<AddressTerm> named(Field field, String text) {
    Optional<String> meant =
        Optional.ofNullable(SYNONYMS.get(text)).or(() -> Suggestion.of(text, NAMED));
    meant.ifPresent(word -> field.wrong("not an address", EXPECTED, word));
    return meant.isPresent() ? Optional.empty() : Optional.of(new AddressTerm.Interface(text));
  }

  private static Optional<AddressTerm> numeric(Field field, String text) {
    int slash = text.indexOf('/');
    Optional<Address> address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      field.wrong("not an address", EXPECTED, Suggestion.of(text, NAMED).orElse(null));
      return Optional.empty();
    }
    return slash < 0
        ? Optional.of(new AddressTerm.Exact(address.get()))
        : block(field, address.get(), text.substring(slash + 1));
  }

  /** Parses an address without brackets and leading zeros. */
  public static Optional<Address> literal(String text) {
    return text.startsWith("[") || LEADING_ZERO.matcher(text).matches()
        ? Optional.empty()
        : Address.parse(text);
  }

  private static Optional<AddressTerm> block(Field field, Address address, String bits) {
    int most = address.isIpv6() ? 128 : 32;
    boolean fits = BITS.matcher(bits).matches() && Integer.parseInt(bits) <= most;
    if (!fits || address.zone() != null) {
      field.wrong("not a block of addresses", "an address, / and a prefix length of 0 to " + most);
      return Optional.empty();
    }
    int length = Integer.parseInt(bits);
    Address network = network(address, length);
    if (!network.equals(address)) {
      field.wrong(
          "the address is not the first of its block", "the first address", network + "/" + length);
      return Optional.empty();
    }
    return Optional.of(new AddressTerm.Cidr(network, length));
  }

  private static Address network(Address address, int bits) {
    byte[] bytes = address.bytes().orElseThrow();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.min(8, Math.max(0, bits - 8 * i));
      bytes[i] &= (byte) (0xFF00 >> kept);
    }
    return Address.of(bytes);
  }
}
