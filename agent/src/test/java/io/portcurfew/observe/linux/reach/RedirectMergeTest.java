package io.portcurfew.observe.linux.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedirectMergeTest {

  private static final Endpoint WEB = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 8080);
  private static final Endpoint SSH = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 22);
  private static final Redirect VIA =
      new Redirect(
          "docker", Container.named(HostText.of("web-1")), HostText.of("172.17.0.2:80"), false);

  @Test
  void portWithProxyAndRedirectIsOneListener() {
    Listener proxy = new Listener(WEB, false, List.of(Owner.of(812)), "sock_diag");
    Listener ssh = new Listener(SSH, false, List.of(), "sock_diag");
    List<Listener> merged =
        new RedirectMerge()
            .of(
                List.of(ssh, proxy),
                List.of(Listener.redirect(WEB, List.of(), VIA)),
                List.of(),
                List.of());
    assertThat(merged).hasSize(2);
    Listener web = merged.get(1);
    assertThat(web.via()).isEqualTo(VIA);
    assertThat(web.owners()).hasSize(1);
    assertThat(web.hasSocket()).isTrue();
    assertThat(web.seenBy()).containsExactly("redirects", "sock_diag");
  }

  @Test
  void sameListsGiveTheSameResult() {
    RedirectMerge merge = new RedirectMerge();
    List<Listener> sockets = List.of(new Listener(SSH, false, List.of(), "sock_diag"));
    List<Listener> redirects = List.of(Listener.redirect(WEB, List.of(), VIA));
    assertThat(merge.of(sockets, redirects, List.of(), List.of()))
        .isSameAs(merge.of(sockets, redirects, List.of(), List.of()));
    assertThat(merge.of(sockets, List.of(), List.of(), List.of())).isSameAs(sockets);
  }

  @Test
  void ruleAboutAPublishedPortAddsNothing() {
    Redirect rule = new Redirect("nft", null, HostText.of("172.17.0.2:80"), false);
    List<Listener> published = List.of(Listener.redirect(WEB, List.of(), VIA));
    List<Listener> rules = List.of(Listener.redirect(WEB, List.of(), rule));
    assertThat(new RedirectMerge().of(List.of(), published, rules, List.of())).isEqualTo(published);
  }

  @Test
  void redirectToASocketHasItsOwners() {
    Listener ssh = new Listener(SSH, false, List.of(Owner.of(700)), "sock_diag");
    Redirect local = new Redirect("nft", null, HostText.of(":22"), true);
    List<Listener> rules = List.of(Listener.redirect(WEB, List.of(), local));
    List<Listener> merged = new RedirectMerge().of(List.of(ssh), List.of(), rules, List.of());
    assertThat(merged)
        .extracting(Listener::place)
        .containsExactly("tcp 0.0.0.0:22", "tcp 0.0.0.0:8080 via nft -> :22");
    assertThat(merged.get(1).owners()).isEqualTo(ssh.owners());
    assertThat(new RedirectMerge().of(List.of(), List.of(), rules, List.of())).isEmpty();
  }
}
