package com.acme.app.changes;

import com.acme.app.Application.Prices;
import io.mongock.api.annotations.BeforeExecution;
import io.mongock.api.annotations.ChangeUnit;
import io.mongock.api.annotations.Execution;
import io.mongock.api.annotations.RollbackBeforeExecution;
import io.mongock.api.annotations.RollbackExecution;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;

/** Transactional, with an index before it and a bean of the application. */
@ChangeUnit(id = "price-products", order = "002", author = "ada")
public class C2PriceProducts {
    private final Prices prices;

    public C2PriceProducts(Prices prices) {
        this.prices = prices;
    }

    @BeforeExecution
    public void before(MongoTemplate template) {
        template.getCollection("products").createIndex(new Document("price", 1));
    }

    @RollbackBeforeExecution
    public void rollbackBefore(MongoTemplate template) {
        template.getCollection("products").dropIndex(new Document("price", 1));
    }

    @Execution
    public void execute(MongoTemplate template) {
        template.updateMulti(new Query(), new Update().set("price", prices.first()), "products");
    }

    @RollbackExecution
    public void rollback(MongoTemplate template) {
        template.updateMulti(new Query(), new Update().unset("price"), "products");
    }
}
