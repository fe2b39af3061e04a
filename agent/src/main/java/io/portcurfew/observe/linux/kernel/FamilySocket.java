package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.SocketPlace;
import org.jspecify.annotations.Nullable;

/**
 * A socket of another family than TCP and UDP, as the kernel reports it.
 *
 * @param protocol the protocol that it takes: an Ethernet type for packet sockets
 *     (linux/if_ether.h), an IP protocol for raw ones (linux/in.h); 0 for none
 * @param address the local address of a raw socket; {@code null} for other families
 * @param cid the local context id of a vsock socket (vsock(7)); 0 for other families
 * @param port the local port of a vsock socket; 0 for other families
 * @param interfaceIndex the interface that it is bound to; 0 for all
 * @param filtered true if it has a classic BPF filter; {@code null} if the kernel does not show
 *     that
 * @param fanout the number of its fanout group; {@code null} for none
 */
public record FamilySocket(
    SocketPlace.Family family,
    int protocol,
    @Nullable Address address,
    long cid,
    long port,
    int interfaceIndex,
    long inode,
    @Nullable Long cookie,
    long uid,
    @Nullable Boolean filtered,
    @Nullable Integer fanout)
    implements HeldSocket {}
