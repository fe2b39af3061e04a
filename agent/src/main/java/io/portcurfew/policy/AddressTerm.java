package io.portcurfew.policy;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Listener;
import java.util.List;
import java.util.Set;

/** The addresses on which a rule allows a listener; {@code toString} is the form in the policy. */
public sealed interface AddressTerm {

  /** YES if a socket bound to this address is within the term. */
  Trilean allows(Address bound);

  /** YES if a listener is within the term. */
  default Trilean allows(Listener listener) {
    return allows(listener.endpoint().address());
  }

  /** Every address: {@code any}. */
  record Any() implements AddressTerm {
    @Override
    public Trilean allows(Address bound) {
      return Trilean.YES;
    }

    @Override
    public String toString() {
      return "any";
    }
  }

  /** The addresses that only this host reaches: {@code loopback}. */
  record Loopback() implements AddressTerm {
    @Override
    public Trilean allows(Address bound) {
      return Trilean.of(bound.isLoopback());
    }

    @Override
    public String toString() {
      return "loopback";
    }
  }

  /**
   * The addresses that routers on the internet do not forward: {@code private}. Those of RFC 1918
   * and RFC 4193, and the link-local ones of RFC 3927 and RFC 4291, 2.5.6; loopback is a term of
   * its own. A wildcard is not within them.
   */
  record Private() implements AddressTerm {

    private static final List<AddressPrefix> BLOCKS =
        List.of(
            block("10.0.0.0", 8),
            block("172.16.0.0", 12),
            block("192.168.0.0", 16),
            block("169.254.0.0", 16),
            block("fc00::", 7),
            block("fe80::", 10));

    private static AddressPrefix block(String network, int bits) {
      return AddressPrefix.of(Address.parse(network).orElseThrow(), bits);
    }

    /** A wildcard is in none of the blocks by its own bytes. */
    @Override
    public Trilean allows(Address bound) {
      return bound
          .bytes()
          .map(bytes -> Trilean.of(BLOCKS.stream().anyMatch(block -> block.isOf(bytes))))
          .orElse(Trilean.UNKNOWN);
    }

    @Override
    public String toString() {
      return "private";
    }
  }

  /**
   * Sockets bound to a network interface, by its name, or to an address that it has now. A wildcard
   * without an interface receives traffic from all of them.
   */
  record Interface(String name) implements AddressTerm {

    /** The names of the loopback interface on Linux and macOS. */
    private static final Set<String> LOOPBACK = Set.of("lo", "lo0");

    @Override
    public Trilean allows(Address bound) {
      if (bound.zone() != null) {
        return Trilean.of(bound.zone().equals(name));
      }
      if (bound.isLoopback()) {
        return Trilean.of(LOOPBACK.contains(name));
      }
      return bound.isWildcard() ? Trilean.NO : Trilean.UNKNOWN;
    }

    @Override
    public Trilean allows(Listener listener) {
      Trilean byName = allows(listener.endpoint().address());
      Set<String> having = listener.interfaces();
      return byName == Trilean.UNKNOWN && having != null
          ? Trilean.of(having.contains(name))
          : byName;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * One address, on any interface unless it names one. A wildcard is within it only if it is the
   * same wildcard.
   */
  record Exact(Address address) implements AddressTerm {
    @Override
    public Trilean allows(Address bound) {
      if (bound.cut()) {
        return address.mayBe(bound) ? Trilean.UNKNOWN : Trilean.NO;
      }
      boolean sameZone = address.zone() == null || address.zone().equals(bound.zone());
      return Trilean.of(address.host().equals(bound.host()) && sameZone);
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * A block of addresses: {@code 10.0.0.0/8}, {@code fd00::/8}. A wildcard is within none, since it
   * also receives traffic for addresses outside the block.
   *
   * @param bits the length of the prefix: 0 to 32, or to 128 for IPv6
   */
  record Cidr(Address network, int bits) implements AddressTerm {

    public Cidr {
      int most = network.isIpv6() ? 128 : 32;
      if (network.cut() || network.zone() != null || bits < 0 || bits > most) {
        throw new IllegalArgumentException("not a block of addresses: " + network + "/" + bits);
      }
    }

    @Override
    public Trilean allows(Address bound) {
      if (bound.isIpv6() != network.isIpv6() || (bound.isWildcard() && bits > 0)) {
        return Trilean.NO;
      }
      AddressPrefix prefix = AddressPrefix.of(network, bits);
      return bound.bytes().map(b -> Trilean.of(prefix.isOf(b))).orElse(Trilean.UNKNOWN);
    }

    @Override
    public String toString() {
      return network + "/" + bits;
    }
  }
}
