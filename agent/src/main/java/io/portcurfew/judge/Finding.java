package io.portcurfew.judge;

import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One rule's statement about one endpoint in one snapshot; it has no memory.
 *
 * @param rule the name of the rule, or {@link Policy#DEFAULT}
 * @param notifySettings how it is notified: severity, the rule's own reason, labels
 * @param endpoint {@code null} if it is about the whole host or a namespace; a missing listener has
 *     the wildcard address
 * @param namespace the network namespace that it is about as a whole; {@code null} if it is about
 *     an endpoint or the whole host
 * @param message one line for a person
 * @param owners the known owners of the listener
 * @param evidence a line from each source
 * @param cause the reason why the owner is unknown, if the finding says so
 * @param brief how the listener was open if it had closed before a scan could see it; {@code null}
 *     if a scan saw it
 * @param socket the place of the socket of another family that it is about; {@code null} if it is
 *     about anything else
 */
public record Finding(
    FindingType kind,
    String rule,
    NotifySettings notifySettings,
    @Nullable Endpoint endpoint,
    @Nullable String namespace,
    String message,
    List<Owner> owners,
    List<String> evidence,
    @Nullable UnknownOwner cause,
    @Nullable BriefOpening brief,
    @Nullable SocketPlace socket) {

  public Finding {
    owners = List.copyOf(owners);
    evidence = List.copyOf(evidence);
  }

  /** A finding about an endpoint. */
  public static Finding ofEndpoint(
      FindingType kind,
      String rule,
      NotifySettings notifySettings,
      Endpoint endpoint,
      String message,
      List<Owner> owners,
      List<String> evidence) {
    return new Finding(
        kind, rule, notifySettings, endpoint, null, message, owners, evidence, null, null, null);
  }

  /** A finding about a socket of another family. */
  static Finding ofSocket(
      FindingType kind,
      String rule,
      NotifySettings notifySettings,
      SocketPlace socket,
      String message,
      List<Owner> owners,
      List<String> evidence) {
    return new Finding(
        kind, rule, notifySettings, null, null, message, owners, evidence, null, null, socket);
  }

  /** A finding about the whole host, or a condition of the agent. */
  public static Finding ofHost(
      FindingType kind,
      String rule,
      NotifySettings notifySettings,
      String message,
      List<String> evidence) {
    return ofNamespace(kind, rule, notifySettings, null, message, evidence);
  }

  /**
   * A finding about a network namespace as a whole.
   *
   * @param namespace {@code null} for the whole host
   */
  static Finding ofNamespace(
      FindingType kind,
      String rule,
      NotifySettings notifySettings,
      @Nullable String namespace,
      String message,
      List<String> evidence) {
    return new Finding(
        kind,
        rule,
        notifySettings,
        null,
        namespace,
        message,
        List.of(),
        evidence,
        null,
        null,
        null);
  }

  /** The place that it is about: an endpoint, a socket, a namespace or the whole host. */
  public String place() {
    if (endpoint != null) {
      return endpoint.toString();
    }
    return socket != null ? socket.toString() : Objects.requireNonNullElse(namespace, "");
  }

  /** The check that found it, if it is about a hidden listener. */
  public HiddenCheck foundBy() {
    boolean compared = evidence.stream().anyMatch(line -> line.startsWith(FindingFactory.SEEN_BY));
    return compared ? HiddenCheck.COMPARISON : HiddenCheck.SWEEP;
  }

  /** Its severity. */
  public Severity severity() {
    return notifySettings.severity();
  }

  /** The rule's own reason. */
  public @Nullable String because() {
    return notifySettings.because();
  }

  /** The time for which its alert is pending before it fires. */
  public Duration holdFor() {
    return notifySettings.holdFor(kind);
  }

  /** The same finding with other evidence. */
  public Finding with(List<String> others) {
    return copy(message, others, cause, brief);
  }

  /** The same finding with the reason why its owner is unknown. */
  Finding withCause(@Nullable UnknownOwner unknown) {
    return copy(message, evidence, unknown, brief);
  }

  /** The same finding with more text at the end of its message. */
  Finding saying(String more) {
    return more.isEmpty() ? this : copy(message + more, evidence, cause, brief);
  }

  /** The same finding with another message. */
  public Finding withMessage(String other) {
    return copy(other, evidence, cause, brief);
  }

  /** The same finding about a listener that has closed again, which the message states. */
  public Finding brief(BriefOpening opening) {
    int end = brief == null ? message.length() : message.length() - said(brief).length();
    return copy(message.substring(0, end) + said(opening), evidence, cause, opening);
  }

  private static String said(BriefOpening opening) {
    return "; " + opening;
  }

  private Finding copy(
      String otherMessage,
      List<String> otherEvidence,
      @Nullable UnknownOwner otherCause,
      @Nullable BriefOpening otherBrief) {
    return new Finding(
        kind,
        rule,
        notifySettings,
        endpoint,
        namespace,
        otherMessage,
        owners,
        otherEvidence,
        otherCause,
        otherBrief,
        socket);
  }
}
