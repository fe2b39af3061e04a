package io.portcurfew.observe;

/** The identity of what takes traffic: an endpoint, or the place of a socket of another family. */
public sealed interface TrafficPlace permits Endpoint, SocketPlace {

  /** Returns the network namespace: {@link Endpoint#HOST} or a name of its own. */
  String namespace();
}
