package io.firedrill.runner;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.activemq.artemis.core.security.Role;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the user at the broker may do, by the file that we ship for it. */
final class BrokerRights {
    static final String ROLE = "firedrill";

    private static final Path FILE = Documents.ROOT.resolve("docs/policies/broker/security-settings.xml");

    private BrokerRights() {}

    /**
     * Something that somebody may do.
     *
     * @param match which addresses
     */
    record Right(String match, String type) {
        @Override
        public String toString() {
            return type + " on " + match;
        }
    }

    static String uuidNamespace() {
        return document().getElementsByTagName("uuid-namespace").item(0).getTextContent();
    }

    static List<Right> all() {
        List<Right> rights = new ArrayList<>();
        NodeList permissions = document().getElementsByTagName("permission");
        for (int i = 0; i < permissions.getLength(); i++) {
            var permission = (Element) permissions.item(i);
            var setting = (Element) permission.getParentNode();
            rights.add(new Right(setting.getAttribute("match"), permission.getAttribute("type")));
        }
        return rights;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(FILE.toFile());
        } catch (Exception thrown) {
            throw new IllegalStateException(FILE.toString(), thrown);
        }
    }

    /** As Artemis has it: which of these types somebody may on one kind of addresses. */
    static Set<Role> role(List<Right> rights, String match) {
        List<String> types = rights.stream()
                .filter(right -> right.match.equals(match))
                .map(Right::type)
                .toList();
        return Set.of(new Role(
                ROLE,
                types.contains("send"),
                types.contains("consume"),
                types.contains("createDurableQueue"),
                types.contains("deleteDurableQueue"),
                types.contains("createNonDurableQueue"),
                types.contains("deleteNonDurableQueue"),
                types.contains("manage"),
                types.contains("browse"),
                types.contains("createAddress"),
                types.contains("deleteAddress"),
                false,
                false));
    }
}
