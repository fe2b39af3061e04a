package io.portcurfew.notify.message;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks a whole template, also the sections that are rarely used. */
public final class TemplateCheck {

  /** Mustache's names inside a list: first item, last item, number from 1. */
  private static final List<String> OF_A_LIST = List.of("-first", "-last", "-index");

  private final String source;
  private @Nullable Fault first;

  private TemplateCheck(String source) {
    this.source = source;
  }

  /**
   * A fault of a template.
   *
   * @param found the text that is wrong; it may hold any character
   */
  public record Fault(String what, String found, String expected) {}

  static Optional<Fault> of(String source, Template template) {
    TemplateCheck check = new TemplateCheck(source);
    template.visit(check.new Parts());
    return Optional.ofNullable(check.first);
  }

  /** The fault of a template that the library cannot read. */
  static Fault unreadable(RuntimeException failure) {
    String found =
        failure instanceof MustacheException
            ? String.valueOf(failure.getMessage())
            : "an empty tag";
    return new Fault("not a Mustache template", found, "text with {{name}}, {{#name}}...{{/name}}");
  }

  /** Records a fault unless there is one: later faults may follow from the first. */
  private void fault(int at, String what, String found, String expected) {
    if (first == null) {
      first = new Fault(line(at) + what, found, expected);
    }
  }

  /** The line number of a position, in a template of several lines. */
  private String line(int at) {
    boolean one = source.strip().indexOf('\n') < 0;
    return one || at < 0
        ? ""
        : "line " + source.substring(0, at).split("\n", -1).length + " of the template: ";
  }

  /** The position of a tag of this name; below 0 if it is not found. */
  private int tag(String name) {
    Matcher tag =
        Pattern.compile("\\{\\{\\W*" + Pattern.quote(name) + "(?![\\w.-])").matcher(source);
    return tag.find() ? tag.start() : -1;
  }

  private void name(String name) {
    if (!TemplateFacts.NAMES.contains(name) && !OF_A_LIST.contains(name)) {
      fault(tag(name), "unknown name", name, "one of " + String.join(", ", TemplateFacts.NAMES));
    }
  }

  private boolean other(String sign, String name) {
    String found = "{{" + sign + name + "}}";
    fault(tag(name), "a template cannot include another one", found, "the text itself");
    return false;
  }

  /** Visits the parts of a template. */
  private final class Parts implements Mustache.Visitor {

    @Override
    public void visitText(String text) {
      if (text.contains("{{")) {
        fault(source.lastIndexOf("{{"), "a tag has no end", "{{", "{{name}}");
      } else if (text.contains("}}")) {
        fault(-1, "a tag has no start", "}}", "{{name}}");
      }
    }

    @Override
    public void visitVariable(String name) {
      if (name.equals(TemplateFacts.ALERTS)) {
        fault(tag(name), "this is a list", "{{" + name + "}}", "{{#alerts}}...{{/alerts}}");
      }
      name(name);
    }

    @Override
    public boolean visitSection(String name) {
      name(name);
      return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
      name(name);
      return true;
    }

    @Override
    public boolean visitInclude(String name) {
      return other(">", name);
    }

    @Override
    public boolean visitParent(String name) {
      return other("<", name);
    }

    @Override
    public boolean visitBlock(String name) {
      return other("$", name);
    }
  }
}
