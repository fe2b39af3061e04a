package io.portcurfew.observe;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of another family than TCP and UDP at one place, with their known owners.
 *
 * @param count the number of sockets at this place
 * @param filtered true if one has a classic BPF filter, false if none has; {@code null} if the
 *     kernel does not show filters to this agent
 * @param fanout the number of the group among which the kernel shares out the packets (packet(7),
 *     PACKET_FANOUT); {@code null} for none
 * @param owners one for each process, in order of pid; empty if no owner is known
 * @param unknownOwner why the owner of one of them is not known; {@code null} if all are known
 */
public record OtherSocket(
    SocketPlace place,
    int count,
    @Nullable Boolean filtered,
    @Nullable Integer fanout,
    List<Owner> owners,
    @Nullable UnknownOwner unknownOwner)
    implements Comparable<OtherSocket> {

  public OtherSocket {
    owners = List.copyOf(new TreeSet<>(owners));
  }

  /** A socket with unknown filter and group. */
  public OtherSocket(
      SocketPlace place, Collection<Owner> owners, @Nullable UnknownOwner unknownOwner) {
    this(place, 1, null, null, List.copyOf(owners), unknownOwner);
  }

  /** Returns the owners of all of its sockets; empty if the owner of one is not known. */
  public List<Owner> knownOwners() {
    return unknownOwner == null ? owners : List.of();
  }

  /** Merges two sockets at one place. One without a known owner leaves the owner unknown. */
  public OtherSocket and(OtherSocket other) {
    TreeMap<Integer, Owner> byPid = new TreeMap<>();
    other.owners.forEach(owner -> byPid.put(owner.pid(), owner));
    owners.forEach(owner -> byPid.merge(owner.pid(), owner, (theirs, ours) -> ours.or(theirs)));
    boolean filter = Boolean.TRUE.equals(filtered) || Boolean.TRUE.equals(other.filtered);
    return new OtherSocket(
        place,
        count + other.count,
        filter ? Boolean.TRUE : filtered == null ? other.filtered : filtered,
        fanout != null ? fanout : other.fanout,
        List.copyOf(byPid.values()),
        unknownOwner != null ? unknownOwner : other.unknownOwner);
  }

  @Override
  public int compareTo(OtherSocket other) {
    return place.compareTo(other.place);
  }
}
