package io.portcurfew.observe.linux.container;

import static io.portcurfew.observe.linux.container.EngineFolders.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of container engines in the form that these engines write. */
@EnabledOnOs(OS.LINUX)
class ContainerFinderTest {

  @TempDir private Path root;

  private Container read(String id) {
    return new ContainerFinder(new ProcFs(root)).of(HostText.of(id));
  }

  private EngineFolders files() {
    return new EngineFolders(root);
  }

  @Test
  void dockerNamesItsContainer() throws IOException {
    files().docker("var/lib/docker", "/shop-web-1", "\"Ports\":{}");
    Container container = read(ID);
    assertThat(container).hasToString("shop-web-1 (image nginx:1.27, project shop, service web)");
    assertThat(container.namespaceName()).isEqualTo("container/shop-web-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data-root", "graph"})
  void movedDataRootIsFollowed(String key) throws IOException {
    files()
        .file("etc/docker/daemon.json", "{\"" + key + "\": \"/srv/docker\"}")
        .docker("srv/docker", "/web-1", "\"Ports\":null");
    assertThat(read(ID).name()).hasToString("web-1");
  }

  @Test
  void containerdNamesThePodAndItsContainer() throws IOException {
    files()
        .containerd(
            "k8s.io",
            "\"io.kubernetes.cri.container-type\":\"container\","
                + "\"io.kubernetes.cri.container-name\":\"nginx\","
                + "\"io.kubernetes.cri.image-name\":\"docker.io/library/nginx:1.27\","
                + "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
                + "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"");
    Container container = read(ID);
    assertThat(container).hasToString("shop/web-0/nginx (image docker.io/library/nginx:1.27)");
    assertThat(container.namespaceName()).isEqualTo("pod/shop/web-0");
  }

  @Test
  void sandboxOfAPodHasItsName() throws IOException {
    files()
        .containerd(
            "k8s.io",
            "\"io.kubernetes.cri.sandbox-name\":\"web-0\","
                + "\"io.kubernetes.cri.sandbox-namespace\":\"shop\"");
    assertThat(read(ID).namespaceName()).isEqualTo("pod/shop/web-0");
  }

  @Test
  void nerdctlNamesItsContainer() throws IOException {
    files().containerd("default", "\"nerdctl/name\":\"web-1\"");
    assertThat(read(ID)).hasToString("web-1");
  }

  @Test
  void crioNamesThePodAndItsContainer() throws IOException {
    files()
        .file(
            "var/lib/containers/storage/overlay-containers/" + ID + "/userdata/config.json",
            "{\"annotations\":{\"io.kubernetes.pod.name\":\"web-0\","
                + "\"io.kubernetes.pod.namespace\":\"shop\","
                + "\"io.kubernetes.container.name\":\"nginx\","
                + "\"io.kubernetes.cri-o.ImageName\":\"quay.io/nginx:1\"}}");
    assertThat(read(ID)).hasToString("shop/web-0/nginx (image quay.io/nginx:1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"containers.json", "volatile-containers.json"})
  void podmanNamesItsContainer(String list) throws IOException {
    String entry =
        "{\"id\":\"%s\",\"names\":[\"%s\"],\"image\":\"0\",\"metadata\":"
            + "\"{\\\"image-name\\\":\\\"docker.io/library/nginx:latest\\\"}\"}";
    files()
        .file("etc/containers/storage.conf", "[storage]\n  graphroot = \"/srv/pods\"\n")
        .file(
            "srv/pods/overlay-containers/" + list,
            "["
                + entry.formatted("0".repeat(64), "other")
                + ","
                + entry.formatted(ID, "web")
                + "]");
    assertThat(read(ID)).hasToString("web (image docker.io/library/nginx:latest)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "web.example", "a:b"})
  void lxcUsesTheNameAsTheId(String name) {
    assertThat(read(name).namespaceName()).isEqualTo("container/" + name);
  }

  @Test
  void unknownContainerKeepsItsIdAlone() {
    Container container = read(ID);
    assertThat(container.isNamed()).isFalse();
    assertThat(container).hasToString(ID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "null",
        "{\"Name\":7}",
        "{\"Name\":\"/\"}",
        "{\"Name\":[\"/a\"]}",
        "{\"Name\":\"/a\" 7}"
      })
  void damagedFileGivesNoName(String text) throws IOException {
    files().file("var/lib/docker/containers/" + ID + "/config.v2.json", text);
    assertThat(read(ID)).isEqualTo(Container.of(HostText.of(ID)));
  }

  @Test
  void deeplyNestedFileGivesNoName() throws IOException {
    String deep = "{\"a\":".repeat(200_000);
    files().file("var/lib/docker/containers/" + ID + "/config.v2.json", deep);
    assertThat(read(ID).isNamed()).isFalse();
  }

  @Test
  void largeFileIsNotRead() throws IOException {
    String padding = "x".repeat(5 << 20);
    files().docker("var/lib/docker", "/web", "\"Ports\":{},\"A\":\"" + padding + "\"");
    assertThat(read(ID).isNamed()).isFalse();
  }

  @Test
  void hostileNameIsEscapedAndCut() throws IOException {
    files().docker("var/lib/docker", "/\\u001b[2J\\n" + "a".repeat(1000), "\"Ports\":{}");
    String name = String.valueOf(read(ID).name());
    assertThat(name).startsWith("\\x1b[2J\\x0aaaa").hasSizeLessThanOrEqualTo(256);
  }

  @Test
  void oddLabelsGiveNoFact() throws IOException {
    files()
        .file(
            "var/lib/docker/containers/" + ID + "/config.v2.json",
            "{\"Name\":\"/web\",\"Config\":{\"Image\":{},\"Labels\":[1]}}");
    assertThat(read(ID)).hasToString("web");
  }

  @Test
  void fifoInPlaceOfAFileDoesNotWait() throws Exception {
    Path folder = Files.createDirectories(root.resolve("var/lib/docker/containers/" + ID));
    Process fifo =
        new ProcessBuilder("mkfifo", folder.resolve("config.v2.json").toString()).start();
    assertThat(fifo.waitFor()).isZero();
    assertThat(read(ID).isNamed()).isFalse();
  }
}
