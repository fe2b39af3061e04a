package io.portcurfew.policytest;

import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes results as JUnit XML for continuous integration. The file has no time and no host, so that
 * equal results give equal files.
 */
public final class JUnitXml {

  private final XMLStreamWriter out;

  private JUnitXml(XMLStreamWriter out) {
    this.out = out;
  }

  /** The whole document, in UTF-8. */
  public static String render(List<TestReport> files) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JUnitXml(out).document(files);
      out.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text.append('\n').toString();
  }

  private void document(List<TestReport> files) throws XMLStreamException {
    out.writeStartDocument("UTF-8", "1.0");
    line("");
    out.writeStartElement("testsuites");
    counts(files.stream().flatMap(file -> file.results().stream()).toList());
    for (TestReport file : files) {
      suite(file.name(), file.results());
    }
    line("");
    out.writeEndElement();
    out.writeEndDocument();
  }

  private void suite(String file, List<TestResult> results) throws XMLStreamException {
    line("  ");
    out.writeStartElement("testsuite");
    out.writeAttribute("name", file);
    counts(results);
    for (TestResult result : results) {
      test(file, result);
    }
    line("  ");
    out.writeEndElement();
  }

  private void counts(List<TestResult> results) throws XMLStreamException {
    long failures = results.stream().filter(result -> !result.passed()).count();
    out.writeAttribute("tests", Integer.toString(results.size()));
    out.writeAttribute("failures", Long.toString(failures));
  }

  private void test(String file, TestResult result) throws XMLStreamException {
    line("    ");
    out.writeStartElement("testcase");
    out.writeAttribute("classname", file);
    out.writeAttribute("name", result.test().name());
    out.writeAttribute("file", file);
    out.writeAttribute("line", Integer.toString(result.test().line()));
    if (!result.passed()) {
      line("      ");
      out.writeStartElement("failure");
      out.writeAttribute("message", "expected and actual results differ");
      out.writeCharacters(String.join("\n", DiffText.lines(result.mismatches())));
      out.writeEndElement();
      line("    ");
    }
    out.writeEndElement();
  }

  private void line(String indent) throws XMLStreamException {
    out.writeCharacters("\n" + indent);
  }
}
