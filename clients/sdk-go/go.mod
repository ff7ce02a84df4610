module asa.example/asa

go 1.23
