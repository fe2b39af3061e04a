package io.portcurfew.observe;

/**
 * The socket unit for which systemd holds a socket, by the unit files of the host
 * (systemd.socket(5)).
 *
 * @param socket the socket unit
 * @param service the service that takes the traffic; it need not run yet
 */
public record SocketActivation(HostText socket, HostText service) {

  /** True if a unit of this name is the socket unit or its service. */
  public boolean isFor(String unit) {
    return socket.toString().equals(unit) || service.toString().equals(unit);
  }

  @Override
  public String toString() {
    return socket + " (" + service + ")";
  }
}
