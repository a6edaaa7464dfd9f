package eu.hansa.interop;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.edc.connector.controlplane.contract.spi.negotiation.store.ContractNegotiationStore;

/** Lets a negotiation go on that waits. */
@Path("/v3/held")
public class ReleaseController {

    private final ContractNegotiationStore negotiations;

    public ReleaseController(ContractNegotiationStore negotiations) {
        this.negotiations = negotiations;
    }

    @POST
    @Path("/{id}/release")
    public void release(@PathParam("id") String id) {
        var negotiation = negotiations.findByIdAndLease(id).getContent();
        negotiation.setPending(false);
        negotiations.save(negotiation);
    }
}
