package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleEvidence;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a policy as a file. Reading that file gives an equal policy. */
public final class PolicyText {

  private final StringBuilder out = new StringBuilder();

  private PolicyText() {}

  /**
   * The text of the file. Every line ends with a newline; keys with default values are omitted.
   *
   * @param remarks comment lines at the start; safe to show
   */
  public static String of(Policy policy, List<String> remarks) {
    PolicyText text = new PolicyText();
    text.head(remarks);
    text.line("default: " + (policy.allowsUnlisted() ? "allow" : "deny"));
    text.rules(policy.rules());
    return text.out.toString();
  }

  /** The text of an included file, which has no default. */
  public static String included(List<Rule> rules, List<String> remarks) {
    PolicyText text = new PolicyText();
    text.head(remarks);
    text.rules(rules);
    return text.out.toString();
  }

  private void head(List<String> remarks) {
    remarks.stream()
        .flatMap(remark -> remark.isEmpty() ? Stream.of("") : remark.lines())
        .forEach(remark -> line(remark.isEmpty() ? "#" : "# " + remark));
    line("version: 1");
  }

  private void rules(List<Rule> rules) {
    line(rules.isEmpty() ? "rules: []" : "rules:");
    rules.forEach(this::rule);
  }

  private void line(String line) {
    out.append(line).append('\n');
  }

  private void rule(Rule rule) {
    line("  - name: " + scalar(rule.name()));
    scope(rule.scope());
    key("expect", rule.expect().label());
    terms(rule.terms());
    if (rule.until() != null) {
      key("until", rule.until().toString());
    }
    notifySettings(rule.notifySettings());
    evidence(rule.evidence());
  }

  private void scope(RuleScope scope) {
    if (scope.isAboutSockets()) {
      key("sockets", oneOrMore(List.copyOf(scope.sockets()), SocketPlace.Family::label));
    } else {
      ports(scope);
    }
    text("namespace", scope.namespace());
    owners("owner", scope.owners());
  }

  private void ports(RuleScope scope) {
    if (!scope.selectsByOwner() || !scope.ports().equals(RuleScope.EVERY_PORT)) {
      key("ports", oneOrMore(scope.ports(), Object::toString));
    }
    if (scope.protocols().size() < Protocol.values().length) {
      key("protocol", oneOrMore(List.copyOf(scope.protocols()), Protocol::label));
    }
  }

  private void terms(RuleTerms terms) {
    if (!terms.addresses().isEmpty()) {
      key("address", oneOrMore(terms.addresses(), term -> scalar(term.toString())));
    }
    owners("by", terms.by());
    if (terms.warnsOfReplaced()) {
      key("replaced", "warn");
    }
  }

  private void owners(String key, List<OwnerTerm> owners) {
    if (!owners.isEmpty()) {
      line("    " + key + ":");
      owners.forEach(this::owner);
    }
  }

  /** The first key of an item follows its dash, so its indent is replaced. */
  private void owner(OwnerTerm term) {
    PolicyText keys = new PolicyText();
    keys.text("executable", term.executable() == null ? null : term.executable().text());
    keys.text("script", term.script() == null ? null : term.script().text());
    keys.text("user", term.user());
    keys.text("unit", term.unit());
    keys.container(term.container());
    keys.text("sha256", term.sha256());
    keys.text("package", term.packageName());
    keys.text("kernel", term.kernel());
    String lines = keys.out.toString().indent(4);
    out.append("      - ").append(lines, 8, lines.length());
  }

  private void container(@Nullable ContainerTerm term) {
    if (term == null) {
      return;
    }
    if (term.patterns().isEmpty()) {
      text("container", term.id());
      return;
    }
    Map<String, String> facts = new LinkedHashMap<>();
    if (term.id() != null) {
      facts.put("id", term.id());
    }
    term.patterns().forEach((key, pattern) -> facts.put(key, pattern.text()));
    String pairs =
        facts.entrySet().stream()
            .map(fact -> fact.getKey() + ": " + quoted(fact.getValue()))
            .collect(Collectors.joining(", "));
    key("container", "{" + pairs + "}");
  }

  private void notifySettings(NotifySettings settings) {
    if (settings.severity() != Severity.WARNING) {
      key("severity", settings.severity().label());
    }
    text("because", settings.because());
    if (settings.holdFor() != null) {
      key("for", DurationReader.written(settings.holdFor()));
    }
    if (!settings.labels().isEmpty()) {
      line("    labels:");
      settings
          .labels()
          .forEach((name, value) -> line("      " + scalar(name) + ": " + scalar(value)));
    }
    text("runbook", settings.runbook() == null ? null : settings.runbook().toString());
  }

  private void evidence(RuleEvidence evidence) {
    if (!evidence.controls().isEmpty()) {
      key(
          "controls",
          evidence.controls().stream()
              .map(PolicyText::quoted)
              .collect(Collectors.joining(", ", "[", "]")));
    }
    text("approved_by", evidence.approvedBy());
  }

  private void text(String key, @Nullable String value) {
    if (value != null) {
      key(key, scalar(value));
    }
  }

  private void key(String key, String value) {
    line("    " + key + ": " + value);
  }

  private static <T> String oneOrMore(List<T> items, Function<T, String> form) {
    String joined = items.stream().map(form).collect(Collectors.joining(", "));
    return items.size() == 1 ? joined : "[" + joined + "]";
  }

  private static String scalar(String text) {
    return TextReader.isPlainYaml(text) ? text : quoted(text);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
