import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** The node's interfaces as an OpenAPI 3.1 document, at `/api/openapi.json`, with a page to browse at `/api`. */
export function publishOpenApi(app: NestFastifyApplication): void {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Hansa')
    .setDescription(
      'The management interface of one node, and the public interfaces that it serves. The protocol endpoints under `/dsp` and `/dcp` follow the Dataspace Protocol 2025-1 and the Decentralized Claims Protocol 1.0.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The administrator token of the node' }, 'admin')
    .build();
  // Made when somebody asks for it: few do, and no start should wait for it.
  const document = () =>
    SwaggerModule.createDocument(app, builder, {
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    });
  SwaggerModule.setup('api', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Hansa API',
  });
}
