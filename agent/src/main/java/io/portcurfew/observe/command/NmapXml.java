package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Parses the XML of {@code nmap -oX} (nmap.dtd). A port that answers is a listener without an
 * owner; ports that were not scanned or are {@code open|filtered} are gaps. A filtered port is not
 * open from the scanning host.
 *
 * <p>No DTD is read and no entity is resolved.
 */
public final class NmapXml implements Parser {

  /** A host of a scan, with the scanned address. */
  public record ScannedHost(String name, View view) {}

  /** All ports; nmap calls port 0 a port if it is asked to. */
  private static final Set<String> ALL = Set.of("1-65535", "0-65535");

  /** In place of a protocol: the ports that are only counted. */
  private static final String NOT_LISTED = "";

  private final String source;
  private final List<ScannedHost> hosts = new ArrayList<>();
  private final Map<String, String> tried = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private @Nullable ViewBuilder view;
  private @Nullable String name;
  private @Nullable Endpoint endpoint;
  private boolean finished;
  private final Set<String> doubtful = new TreeSet<>();

  NmapXml() {
    this("nmap-xml");
  }

  private NmapXml(String source) {
    this.source = source;
  }

  public static boolean looksLikeIt(String text) {
    return text.stripLeading().startsWith("<") && text.contains("<nmaprun");
  }

  @Override
  public View parse(String source, byte[] output) {
    List<ScannedHost> hosts = hosts(source, output);
    View first = hosts.get(0).view();
    if (hosts.size() == 1) {
      return first;
    }
    List<Gap> gaps = new ArrayList<>(first.gaps());
    gaps.add(new Gap(source, Gap.What.LISTENERS, "the capture has " + hosts.size() + " hosts"));
    return new View(source, false, first.listeners(), gaps);
  }

  /** Returns the hosts of a scan; one blind host if there is none. */
  public static List<ScannedHost> hosts(String source, byte[] output) {
    return new NmapXml(source).read(output);
  }

  private List<ScannedHost> read(byte[] output) {
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new ByteArrayInputStream(output));
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          start(xml);
        } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("host")) {
          endHost();
        }
      }
    } catch (XMLStreamException | RuntimeException malformed) {
      problems.add("incomplete or invalid XML of nmap");
      endHost();
    }
    if (!finished) {
      problems.add("the scan failed or is incomplete");
    }
    return hosts.isEmpty()
        ? List.of(new ScannedHost("capture", View.blind(source, "no host was scanned")))
        : hosts.stream().map(this::withProblems).toList();
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory;
  }

  private void start(XMLStreamReader xml) {
    switch (xml.getLocalName()) {
      case "scaninfo" ->
          tried.merge(text(xml, "protocol"), text(xml, "services"), (one, other) -> other);
      case "host" -> {
        view = new ViewBuilder(source);
        name = null;
        doubtful.clear();
      }
      case "status" -> {
        if (view != null && !text(xml, "state").equals("up")) {
          view.gap(Gap.What.LISTENERS, "the host did not answer");
        }
      }
      case "address" -> {
        boolean ip = text(xml, "addrtype").startsWith("ip");
        name = name == null && ip ? text(xml, "addr") : name;
      }
      case "ports" -> {
        if (view != null) {
          view.understood();
        }
      }
      case "extraports" -> others(text(xml, "state"));
      case "port" -> port(xml);
      case "state" -> state(text(xml, "state"));
      case "finished" -> finished = text(xml, "exit").equals("success");
      default -> {}
    }
  }

  private void port(XMLStreamReader xml) {
    endpoint = null;
    String protocol = text(xml, "protocol");
    Optional<Integer> number = JsonRows.port(text(xml, "portid"));
    Optional<Address> address = name == null ? Optional.empty() : Address.parse(name);
    boolean judged = protocol.equals("tcp") || protocol.equals("udp");
    if (judged && number.isPresent() && address.isPresent()) {
      endpoint = new Endpoint(NetstatRows.protocol(protocol), address.get(), number.get());
    } else if (view != null && judged) {
      view.unreadable("no address and port", ByteText.raw(protocol + " " + text(xml, "portid")));
    }
  }

  private void state(String state) {
    Endpoint about = endpoint;
    endpoint = null;
    if (about == null || view == null) {
      return;
    }
    if (state.equals("open")) {
      view.listener(about, null, List.of());
    } else if (state.equals("open|filtered")) {
      doubtful.add(about.protocol() == Protocol.TCP ? "tcp" : "udp");
    }
  }

  /**
   * The ports that are not listed one by one; nmap does not show their protocol in every version.
   */
  private void others(String state) {
    if (view != null && state.equals("open|filtered")) {
      doubtful.add(NOT_LISTED);
    }
  }

  private void endHost() {
    if (view == null) {
      return;
    }
    for (String protocol : doubtful) {
      String which = protocol.equals(NOT_LISTED) ? "" : " of " + protocol;
      view.gap(Gap.What.LISTENERS, "some ports" + which + " are open or filtered");
    }
    for (String protocol : List.of("tcp", "udp")) {
      String services = tried.get(protocol);
      if (services == null || !ALL.contains(services)) {
        view.gap(Gap.What.LISTENERS, untried(protocol, services));
      }
    }
    hosts.add(new ScannedHost(name == null ? "capture" : name, view.build(true)));
    view = null;
  }

  private static String untried(String protocol, @Nullable String services) {
    String option = protocol.equals("udp") ? "-sU -p-" : "-sS -p-";
    return (services == null ? "no port of " : "not every port of ")
        + protocol
        + " was scanned: run nmap with "
        + option;
  }

  private ScannedHost withProblems(ScannedHost host) {
    if (problems.isEmpty()) {
      return host;
    }
    List<Gap> gaps = new ArrayList<>(host.view().gaps());
    problems.forEach(why -> gaps.add(new Gap(source, Gap.What.LISTENERS, why)));
    return new ScannedHost(host.name(), new View(source, false, host.view().listeners(), gaps));
  }

  private static String text(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? "" : value;
  }
}
