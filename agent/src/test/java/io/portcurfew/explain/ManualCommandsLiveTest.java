package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Protocol;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The commands for Linux, run beside a TCP and a UDP listener and a client of each. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ManualCommandsLiveTest {

  private final InetAddress loopback = InetAddress.getLoopbackAddress();
  private ServerSocket tcp;
  private DatagramSocket udp;
  private Socket tcpClient;
  private DatagramSocket udpClient;

  @BeforeEach
  void open() throws Exception {
    tcp = new ServerSocket(0, 1, loopback);
    udp = new DatagramSocket(tcp.getLocalPort(), loopback);
    tcpClient = new Socket(loopback, tcp.getLocalPort());
    udpClient = new DatagramSocket(0, loopback);
    udpClient.connect(loopback, tcp.getLocalPort());
  }

  @AfterEach
  void close() throws Exception {
    udpClient.close();
    tcpClient.close();
    udp.close();
    tcp.close();
  }

  @Test
  void ssShowsBothListenersAndNoClient() throws Exception {
    Tool.require("ss");
    assertThat(rows(0, 0)).hasSize(2).allMatch(row -> row.contains("pid=" + pid() + ","));
  }

  @Test
  void lsofShowsTheTcpListenerAndNoClient() throws Exception {
    Tool.require("lsof");
    assertThat(rows(1, 1)).singleElement().asString().contains(" " + pid() + " ", "(LISTEN)");
  }

  @Test
  void lsofShowsTheUdpListenerAndNoClient() throws Exception {
    Tool.require("lsof");
    assertThat(rows(2, 1)).singleElement().asString().contains(" " + pid() + " ", "UDP");
  }

  private List<String> rows(int command, int headers) throws Exception {
    List<ManualCommand> commands =
        ManualCommands.commands(tcp.getLocalPort(), EnumSet.allOf(Protocol.class), Platform.LINUX);
    String typed = commands.get(command).command();
    return Tool.run("sh", "-c", typed).output().lines().skip(headers).toList();
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }
}
