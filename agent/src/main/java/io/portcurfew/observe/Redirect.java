package io.portcurfew.observe;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the kernel or of a container engine that takes the traffic of an endpoint elsewhere, so
 * that the port is open without a socket.
 *
 * @param by the engine or the subsystem: {@code docker}, {@code podman}, {@code cni}, {@code nft}
 * @param container the container that receives the traffic; {@code null} if it is none or unknown
 * @param target the address and port that receive it, or a part of these; {@code null} if unknown
 * @param local true if a socket of the same namespace receives it; its owners are those of the
 *     listener then
 */
public record Redirect(
    String by, @Nullable Container container, @Nullable HostText target, boolean local) {

  /** The source that a listener without a socket is seen by. */
  public static final String SOURCE = "redirects";

  /**
   * Programs of container engines that keep the socket of a published port: dockerd and its proxy,
   * and the monitor of podman.
   */
  private static final Set<String> PROXIES = Set.of("docker-proxy", "dockerd", "conmon");

  /**
   * True if this process only keeps the socket for the container: a program of an engine, at its
   * path of the host, run by root.
   */
  public boolean isKeptBy(Owner owner) {
    HostText path = owner.executable();
    Long uid = owner.uid();
    OwnerDetails details = owner.details();
    return container != null
        && path != null
        && uid != null
        && uid == 0
        && owner.isOfOneUser()
        && !details.inFlight()
        && Boolean.FALSE.equals(details.elsewhere())
        && (details.replaced() || !Boolean.TRUE.equals(details.deleted()))
        && PROXIES.contains(path.toString().substring(path.toString().lastIndexOf('/') + 1));
  }

  /** Describes it in words: {@code docker web-1 -> 172.17.0.2:80}. */
  @Override
  public String toString() {
    return by
        + (container == null ? "" : " " + container.label())
        + (target == null ? "" : " -> " + target);
  }
}
