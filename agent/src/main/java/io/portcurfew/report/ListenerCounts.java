package io.portcurfew.report;

/**
 * The counts that CIS Controls v8, 4.8 asks for.
 *
 * @param authorized the rules that allow or require a service
 * @param found the listeners
 * @param foundAuthorized the listeners that a rule allows
 * @param unauthorized the listeners with a finding
 * @param withoutRule the listeners that no rule selects and the default allows
 */
public record ListenerCounts(
    int authorized, int found, int foundAuthorized, int unauthorized, int withoutRule) {

  ListenerCounts plus(ListenerCounts other) {
    return new ListenerCounts(
        authorized + other.authorized,
        found + other.found,
        foundAuthorized + other.foundAuthorized,
        unauthorized + other.unauthorized,
        withoutRule + other.withoutRule);
  }
}
