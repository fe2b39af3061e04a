package io.portcurfew.policy;

import io.portcurfew.observe.Address;
import java.util.List;

/**
 * Addresses on which a rule lets something listen; {@code toString} is the form that the policy
 * file has.
 */
public sealed interface AddressTerm {

  /** Whether a socket bound to this address is within the term. */
  Trilean allows(Address bound);

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
   * The addresses that no router of the internet passes on: {@code private}. Those of RFC 1918 and
   * RFC 4193, and the link-local ones of RFC 3927 and RFC 4291, 2.5.6; loopback is a term of its
   * own. A wildcard is within none of them.
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
   * What is bound to a network interface, by its name. A wildcard that is bound to none takes what
   * comes in by every interface. Which interface has some other address is not seen.
   */
  record Interface(String name) implements AddressTerm {
    @Override
    public Trilean allows(Address bound) {
      if (bound.zone() != null) {
        return Trilean.of(bound.zone().equals(name));
      }
      return bound.isWildcard() ? Trilean.NO : Trilean.UNKNOWN;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * One address, on any interface unless it names one. A wildcard is within it only where it is
   * that wildcard.
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
   * A block of addresses: {@code 10.0.0.0/8}, {@code fd00::/8}. A wildcard bind is within none,
   * since it takes traffic for addresses outside it too.
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
