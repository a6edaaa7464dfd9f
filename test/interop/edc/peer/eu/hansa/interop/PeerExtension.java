package eu.hansa.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.edc.connector.controlplane.contract.spi.negotiation.ContractNegotiationPendingGuard;
import org.eclipse.edc.connector.controlplane.contract.spi.negotiation.store.ContractNegotiationStore;
import org.eclipse.edc.connector.controlplane.contract.spi.policy.ContractNegotiationPolicyContext;
import org.eclipse.edc.connector.controlplane.contract.spi.types.negotiation.ContractNegotiation;
import org.eclipse.edc.connector.controlplane.contract.spi.types.negotiation.ContractNegotiationStates;
import org.eclipse.edc.policy.engine.spi.PolicyEngine;
import org.eclipse.edc.policy.engine.spi.RuleBindingRegistry;
import org.eclipse.edc.policy.model.Operator;
import org.eclipse.edc.policy.model.Permission;
import org.eclipse.edc.runtime.metamodel.annotation.Inject;
import org.eclipse.edc.runtime.metamodel.annotation.Provider;
import org.eclipse.edc.spi.security.Vault;
import org.eclipse.edc.spi.system.ServiceExtension;
import org.eclipse.edc.spi.system.ServiceExtensionContext;
import org.eclipse.edc.web.spi.WebService;
import org.eclipse.edc.web.spi.configuration.ApiContext;

/** What a connector of Eclipse EDC needs so that tests can lead it: keys for its data plane, a policy that it denies, and negotiations that wait. */
public class PeerExtension implements ServiceExtension {

    private static final String FORBIDDEN = "https://w3id.org/edc/v0.0.1/ns/forbidden";
    private static final String DATE_TIME = "http://www.w3.org/ns/odrl/2/dateTime";
    private static final String USE = "http://www.w3.org/ns/odrl/2/use";

    @Inject
    private Vault vault;
    @Inject
    private PolicyEngine policies;
    @Inject
    private RuleBindingRegistry bindings;
    @Inject
    private ContractNegotiationStore negotiations;
    @Inject
    private WebService web;

    private Path held;

    @Override
    public String name() {
        return "Hansa interoperation tests";
    }

    @Override
    public void initialize(ServiceExtensionContext context) {
        held = Path.of(context.getConfig().getString("hansa.held"));
        var keys = keyPair();
        vault.storeSecret("private-key", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        vault.storeSecret("public-key", pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        // A rule whose action, or a constraint whose operand, is bound to no scope is left out of the evaluation.
        bindings.bind(USE, PolicyEngine.ALL_SCOPES);
        bindings.bind(FORBIDDEN, ContractNegotiationPolicyContext.NEGOTIATION_SCOPE);
        policies.registerFunction(
            ContractNegotiationPolicyContext.class, Permission.class, FORBIDDEN,
            (operator, right, permission, policyContext) -> false);
        bindings.bind(DATE_TIME, ContractNegotiationPolicyContext.NEGOTIATION_SCOPE);
        policies.registerFunction(
            ContractNegotiationPolicyContext.class, Permission.class, DATE_TIME,
            (operator, right, permission, policyContext) ->
                operator == Operator.LT && Instant.now().isBefore(Instant.parse(right.toString())));
        web.registerResource(ApiContext.MANAGEMENT, new ReleaseController(negotiations));
    }

    /** A negotiation about an asset that is named in a file waits: as provider when it is asked, as consumer when it has an agreement. */
    @Provider
    public ContractNegotiationPendingGuard pendingGuard() {
        return negotiation -> waitsIn(negotiation) == negotiation.getState() && isHeld(negotiation.getLastContractOffer().getAssetId());
    }

    private static int waitsIn(ContractNegotiation negotiation) {
        return negotiation.getType() == ContractNegotiation.Type.PROVIDER
            ? ContractNegotiationStates.REQUESTED.code()
            : ContractNegotiationStates.AGREED.code();
    }

    private boolean isHeld(String asset) {
        try {
            return Files.exists(held) && Files.readAllLines(held).contains(asset);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }

    private static String pem(String kind, byte[] encoded) {
        var text = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(encoded);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
